#!/usr/bin/env python3
"""Deals briefs to a writer: what each mail is about, who writes it and how, so that no two are alike.

    data/decks/deal.py WRITER LANGS BRIEFS [--from N] [--pairs]

WRITER   a short name; it seeds the deck, so the same name deals the same briefs.
LANGS    languages to deal in turn: en, or de,fr.
BRIEFS   how many briefs. Each asks for two mails: one that is held and one that passes, with the same
         industry, voice, form, length and thread, so that nothing but what is said tells them apart.
--from N start at brief N, to deal a deck in portions.
--pairs  minimal pairs instead: the two mails differ in one thing only, and the brief says which.

Python's standard library only. The same arguments give the same briefs on every machine.
"""
import argparse
import random

INDUSTRIES = """machine tools; household appliances; car dealer and garage; home insurance; health insurance; motor insurance;
travel insurance; pet insurance; parcel carrier; sea freight forwarder; furniture shop; online fashion; bookshop; wholesale food;
organic farm boxes; catering; hotel; campsite; airline; coach travel; railway; ferry; language school; university admissions; music school;
scholarship fund; research journal; architects; civil engineering; roofing; plumbing and heating; solar installer; window maker; kitchen fitter;
property management; estate agent; storage units; bank, business loans; building society; leasing; accountants; law firm; translation agency;
print shop; advertising agency; trade fair organiser; software as a service; web hosting; IT support; telecoms; energy supplier; water company;
waste collection; dental laboratory; private clinic; hearing aids; optician; medical devices; laboratory supplies; chemicals; steel trade;
timber; packaging; electronic components; bicycle maker; piano workshop; sports club; theatre; museum; wedding venue; photographer;
recruitment agency; staffing of ships; city council permits; housing association; charity grants; vet; nursery plants; brewery; wine merchant;
toy maker; jeweller; tailor; cleaning service; security service; lift maintenance; printer leasing; crane hire; boatyard; moving company""".replace("\n", " ").split("; ")

VOICES = """new in the job, careful; thirty years in the job, dry; friendly and chatty; brisk, no greeting; formal and distant; warm, first names;
legal, exact; technical, with part numbers; sales, upbeat; tired end-of-day; non-native speaker, correct but plain; owner of a small firm;
department mailbox signed by a team; director, few words; polite with many softeners; enthusiastic; apologetic by habit;
bureaucratic, passive voice; craftsman, short and concrete; academic, long sentences; young, informal; nurse-like, kind; blunt; diplomatic""".replace("\n", " ").split("; ")

FORMS = """plain reply of a few lines; letter in an email, with reference line; list with bullets; numbered points; two topics in one mail;
status report on several items; answer to three questions; short note before a weekend; forwarding note above a quoted mail;
covering note for an attachment; follow-up of a meeting; template with a personal line added; ticket update; order update; postscript (P.S.) used""".replace("\n", " ").split("; ")

LENGTHS = ["one or two sentences", "about 40 words", "about 80 words", "about 80 words", "about 140 words", "about 220 words"]
THREADS = ["fresh mail", "fresh mail", "answers a question (quote it)", "answers an angry mail (quote it)", "answers a friendly mail (quote it)", "answers, nothing quoted"]
PLACES = ["first sentence", "in the middle", "in the middle, beside other business", "at the end", "in the subject and the text", "in a subordinate clause", "in a bullet or P.S."]
WORDINGS = ["plain words", "plain words", "set phrase of such letters", "set phrase of such letters", "oblique: never says the word, a reader still cannot miss it",
            "oblique: only a fact, a date or a number tells it", "softened, wrapped in thanks", "passive, nobody did it", "short and casual", "told as good news or an opportunity", "with regret but no excuse"]

CATEGORIES = ["warranty_denial"] * 3 + ["claim_denial"] * 3 + ["refund_refusal"] * 3 + ["delivery_delay"] * 4 + ["order_cancellation"] * 3 + ["error_disclosure"] * 4 + \
             ["price_increase"] * 3 + ["service_termination"] * 3 + ["rejection"] * 4 + ["complaint_response"] * 3 + ["email_apology"] * 2 + ["other"] * 2
KINDS = ["everyday"] * 5 + ["good_news"] * 3 + ["approval"] * 2 + ["post_call"] * 3 + ["invitation"] * 2 + ["trivial"] * 3 + ["question"] * 2 + ["hypothetical"] * 2 + \
        ["boilerplate"] * 2 + ["negation"] * 3 + ["our_complaint"] * 3 + ["customer_complaint"] * 2 + ["third_party"] * 3 + ["internal"] * 2 + ["solved"] * 3 + \
        ["quoted_angry_positive"] * 2 + ["payment_reminder"] + ["harmless_change"] * 2 + ["condolence"]
FLIPS = ["negation (not denying / denying)", "who is told: the customer / a colleague inside", "whose case it is: the reader's / somebody else's", "actor: we refuse the reader / our supplier refused us",
         "tense: was so and is solved / is so now", "already talked by phone / only voice mail left or a call promised", "face to face yesterday / not yet told",
         "condition or rule / the decision itself", "question / statement", "quoted or reported words / the sender's own words", "approved / refused, all else equal", "trifle / something the reader depends on",
         "early or on time / late", "price falls or stays / price rises", "renewed / not renewed", "the sender is the victim / the reader is", "all of it granted / granted in part",
         "invitation to talk without the news / invitation with the news in it", "example or training text / real case", "wish for the reader to decide / decided already"]


def deal(args):
    langs = args.langs.split(",")
    for n in range(args.first, args.first + args.briefs):
        rng = random.Random("%s %d" % (args.writer, n))
        lang = langs[n % len(langs)]
        print("%s-%04d  lang %s | industry: %s | voice: %s" % (args.writer, n, lang, rng.choice(INDUSTRIES), rng.choice(VOICES)))
        print("    form: %s | length: %s | thread: %s" % (rng.choice(FORMS), rng.choice(LENGTHS), rng.choice(THREADS)))
        category, kind = rng.choice(CATEGORIES), rng.choice(KINDS)
        print("    hold: %s; news %s; wording: %s" % (category, rng.choice(PLACES), rng.choice(WORDINGS)))
        print("    pass: differs only by %s" % rng.choice(FLIPS) if args.pairs else "    pass: %s" % kind)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("writer")
    args.add_argument("langs")
    args.add_argument("briefs", type=int)
    args.add_argument("--from", dest="first", type=int, default=0)
    args.add_argument("--pairs", action="store_true")
    deal(args.parse_args())


if __name__ == "__main__":
    main()

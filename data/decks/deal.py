#!/usr/bin/env python3
"""Deals briefs to a writer: what each mail is about, who writes it and how, so that no two are alike.

    data/decks/deal.py WRITER LANGS BRIEFS [--from N] [--pairs | --letters] [--only CATEGORY,CATEGORY]

WRITER   a short name; it seeds the deck, so the same name deals the same briefs.
LANGS    languages to deal in turn: en, or de,fr.
BRIEFS   how many briefs. Each asks for two mails: one that is held and one that passes, with the same
         industry, voice, form, length and thread, so that nothing but what is said tells them apart.
--from N start at brief N, to deal a deck in portions.
--pairs  minimal pairs instead: the two mails differ in one thing only, and the brief says which.
--letters
         letters as institutions send them, in earnest and from templates; the brief names the letter
         that is held, and the kind of letter of the same institution that passes.
--only   deal only news of these categories.

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

# A letter that is held, the category of its news, and a letter of the same house that passes.
LETTERS = """job application turned down after the first look | rejection | invitation to a first interview
job application turned down after two interviews | rejection | next round of interviews, with preparation tips
internship or trainee place refused | rejection | start date and papers for the trainee
place in the talent pool instead of the job | rejection | job alert that fits the profile
paper refused by a journal after review | rejection | minor revision asked for by the editor
talk not accepted at a conference | rejection | talk accepted, slot and speaker's notes
grant or research funding not awarded | rejection | grant awarded, conditions and first report
start-up not taken into a programme | rejection | programme's welcome and dates
investor passes on a young company | rejection | investor asks for figures before the next meeting
manuscript declined by an agent or publisher | rejection | agent asks for the full manuscript
university place refused or waiting list | rejection | offer of a place, how to accept
scholarship or bursary refused | rejection | scholarship renewed, bank details asked
flat given to another applicant | rejection | viewing confirmed, what to bring
loan or credit line declined | rejection | loan approved, papers to sign
insurance application not accepted | rejection | policy issued, summary of cover
tender awarded to another bidder | rejection | clarification round of a tender
supplier or dealer application refused | rejection | dealer account opened
permit, licence or listing refused | rejection | permit granted with ordinary conditions
app, advert or content refused in review | rejection | review passed, live from a date
voluntary post, casting, team or club refuses | rejection | training dates for new members
offer for a house, domain or company refused | rejection | seller asks when to meet the notary
partnership or sponsorship request declined | rejection | sponsorship agreed, logo files wanted
online product shut down for everybody, export your data by | service_termination | new version of the product, nothing to do
feature or free plan withdrawn | service_termination | new feature, free for all plans
old programming interface switched off on a date | service_termination | release notes, old interface stays
end of support for a device or release | service_termination | scheduled maintenance at night, no effect
account suspended or closed for breach of rules | service_termination | rules have a clearer wording, nothing changes
bank closes an account or ends a card | service_termination | new card on its way
insurer does not renew a policy | service_termination | renewal on unchanged terms
contract ended by the provider, notice period | service_termination | contract extended
branch, shop, clinic or line closes | service_termination | new opening hours, one hour longer
community, forum, mailing list or charity project closes | service_termination | yearly report of a project
product line given up, last orders until | service_termination | new catalogue, old articles stay
trial, pilot or beta programme ends without a successor | service_termination | pilot goes on into normal service
subscription gets dearer on renewal | price_increase | subscription renews at the same price
rates, tariffs or premiums rise for all customers | price_increase | tariff falls, or is guaranteed
included quota or service becomes chargeable | price_increase | quota doubled without charge
notice of a data breach to those concerned | error_disclosure | news of a breach elsewhere, our customers not concerned
report after an outage | error_disclosure | report of a recovery test that went well
customers were billed twice or wrongly | error_disclosure | yearly statement, all in order
recall or safety notice for a thing that was sold | error_disclosure | safety tips for the season
mail or letter went to the wrong people | error_disclosure | change of contact person
wrong results, certificate or report had been sent | error_disclosure | results and certificate enclosed
data or backup lost | error_disclosure | backup restored at the customer's wish
pre-order or back order: new date later | delivery_delay | dispatch notice with tracking
backers of a project told that it slips | delivery_delay | backers' update: on time
building, moving-in or project date slips | delivery_delay | milestone reached, photographs
flight, train or ferry moved by hours | delivery_delay | booking confirmed, online check-in
processing of an application or payment takes weeks longer | delivery_delay | application received, usual time
release or course start postponed | delivery_delay | timetable of the course
event or course cancelled by the organiser | order_cancellation | programme and directions
booking cancelled: overbooked or closed | order_cancellation | booking changed as wished
pre-order cancelled, cannot be supplied | order_cancellation | order confirmed
trip cancelled, options | order_cancellation | travel documents
crowd-funded project given up | order_cancellation | survey on addresses before dispatch
warranty claim refused after inspection | warranty_denial | repaired under warranty, on its way back
guarantee ended or void, quote for repair enclosed | warranty_denial | guarantee registered
claim refused by an insurer, with clause and right of appeal | claim_denial | claim settled, amount and date
claim paid in part, the rest refused | claim_denial | claim received, papers wanted
benefit, allowance or compensation refused | claim_denial | benefit granted
appeal or objection rejected | claim_denial | objection upheld
passenger compensation refused: extraordinary circumstances | claim_denial | compensation paid
refund refused under the terms | refund_refusal | refund made
return too late or worn, sent back | refund_refusal | return received, exchange sent
fee, deposit or cancellation charge kept | refund_refusal | deposit repaid in full
discount, price match or goodwill refused | refund_refusal | voucher for loyal customers
final answer of the complaints office: not upheld | complaint_response | complaint upheld, remedy
answer to a bad review that explains it away | complaint_response | thanks for a good review
answer to an angry customer that points to the rules | complaint_response | answer to a customer's idea
director's apology to all customers | email_apology | director's thanks to all customers at year's end
apology of a team for what went wrong at an event or stay | email_apology | thanks after an event or stay
apology for how somebody was treated | email_apology | invitation of the customers' council
the trusted contact leaves and nobody follows | other | the new contact presents herself
benefit, bonus or terms for members are cut | other | new benefit for members
site moves far away, a partner withdraws, a key person is ill | other | site visit confirmed
test, audit or inspection not passed | other | audit passed, certificate""".split("\n")
LETTER_TONES = ["warm and personal", "cool and legal", "template with the name filled in", "thanks first, news late", "news in the first line", "long, with headings and questions and answers", "long, with reasons and history",
                "short: three sentences", "chatty, brand voice", "signed by the founder", "signed by a department, do-not-reply style but answered", "with options and next steps", "with feedback and encouragement", "dry notice with dates"]
LETTER_LENGTHS = ["about 50 words", "about 90 words", "about 130 words", "about 180 words", "about 250 words", "about 350 words"]


def deal_letter(rng, name, lang, only):
    letters = [letter.split(" | ") for letter in LETTERS]
    held, category, passed = rng.choice([letter for letter in letters if not only or letter[1] in only])
    print("%s  lang %s | house: %s, or whatever house sends such letters" % (name, lang, rng.choice(INDUSTRIES)))
    print("    tone: %s | length: %s | %s" % (rng.choice(LETTER_TONES), rng.choice(LETTER_LENGTHS), rng.choice(["fresh mail", "fresh mail", "answers, quote it"])))
    print("    hold: %s: %s" % (category, held))
    print("    pass: %s (kind: whichever of the list fits)" % passed)


def deal(args):
    langs = args.langs.split(",")
    only = args.only.split(",") if args.only else []
    categories = [category for category in CATEGORIES if not only or category in only]
    for n in range(args.first, args.first + args.briefs):
        rng = random.Random("%s %d" % (args.writer, n))
        lang = langs[n % len(langs)]
        if args.letters:
            deal_letter(rng, "%s-%04d" % (args.writer, n), lang, only)
            continue
        print("%s-%04d  lang %s | industry: %s | voice: %s" % (args.writer, n, lang, rng.choice(INDUSTRIES), rng.choice(VOICES)))
        print("    form: %s | length: %s | thread: %s" % (rng.choice(FORMS), rng.choice(LENGTHS), rng.choice(THREADS)))
        category, kind = rng.choice(categories), rng.choice(KINDS)
        print("    hold: %s; news %s; wording: %s" % (category, rng.choice(PLACES), rng.choice(WORDINGS)))
        print("    pass: differs only by %s" % rng.choice(FLIPS) if args.pairs else "    pass: %s" % kind)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("writer")
    args.add_argument("langs")
    args.add_argument("briefs", type=int)
    args.add_argument("--from", dest="first", type=int, default=0)
    args.add_argument("--pairs", action="store_true")
    args.add_argument("--letters", action="store_true")
    args.add_argument("--only")
    deal(args.parse_args())


if __name__ == "__main__":
    main()

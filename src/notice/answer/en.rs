//! English.

use super::AnswerTexts;
use crate::wording::Fixed;

pub(in crate::notice) static TEXTS: AnswerTexts<'static> = AnswerTexts {
    from: "your answer",
    by_mail: "You can also just answer this mail with one of these: {words}.",
    words: Fixed(["called", "no answer", "withdraw", "false alarm", "send: and why"]),
    called: [
        "Thank you: your mail goes out",
        "You told us that you called. Your mail “{subject}” to {who} now goes out as the written confirmation.",
    ],
    no_bad_news: [
        "Thank you: your mail goes out",
        "You told us that it is no bad news. Your mail “{subject}” to {who} now goes out, and we learn from it.",
    ],
    anyway: [
        "Your mail goes out without a call",
        "Your mail “{subject}” to {who} now goes out, with your reason on file. A call afterwards still helps.",
    ],
    later: [
        "It will go out",
        "We understood your answer. The mail “{subject}” to {who} waits until {when}, as the policy asks; then it goes out. On the page you can take that back.",
    ],
    second_asked: [
        "A second person is asked",
        "We understood your answer. Before the mail “{subject}” to {who} goes out, a second person has to agree; until then it stays held.",
    ],
    taken_back: ["Taken back", "Your mail “{subject}” to {who} was not delivered and will not be."],
    waits: [
        "Nobody answered: your mail keeps waiting",
        "Your mail “{subject}” to {who} stays here, and we will remind you on {when}. Please leave no bad news on voice mail.",
    ],
    already: [
        "It was decided before",
        "Your mail “{subject}” to {who}: {how}, on {when}. Your answer changed nothing.",
    ],
    unclear: [
        "We did not understand your answer",
        "We could not tell what should become of your mail “{subject}” to {who}. Nothing has changed, it is still waiting.",
    ],
    on_the_page: [
        "This is done on the page",
        "We understood “{asked}”, but by mail alone we may not do it. Your mail “{subject}” to {who} is still waiting. Please open the page for it.",
    ],
    call_first: [
        "Please call first",
        "We understood that your mail “{subject}” to {who} should go out without a call. It reads like {kind}, and that needs a call. Nothing has changed.",
    ],
    reason_missing: [
        "Why can it not wait?",
        "We understood that your mail “{subject}” to {who} should go out without a call. Please answer again with a few words that say why. Nothing has changed.",
    ],
    endings: [
        "it was released",
        "it was taken back",
        "it came back to you",
        "the receiving server refused it",
    ],
};

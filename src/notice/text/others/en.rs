//! English.

use super::Others;

pub(in crate::notice::text) static OTHERS: Others<'static> = Others {
    from_decided: "decided",
    from_handed: "handed over to you",
    from_second: "your word is needed",
    from_declined: "not agreed",
    from_taken_back: "held again",
    decided: "This is decided",
    called_send: "{by} called {who}. The mail “{subject}” goes out as the written confirmation.",
    called_dont_send: "{by} called {who}. The mail “{subject}” was taken back and will not be sent.",
    withdrawn: "{by} took back the mail “{subject}” to {who}. It will not be sent.",
    rewritten: "{by} took back the mail “{subject}” to {who} and writes a new one.",
    false_alarm: "{by} says that the mail “{subject}” to {who} is no bad news. It goes out.",
    send_anyway: "{by} decided that the mail “{subject}” to {who} goes out without a call.",
    agreed: "{by} agreed: the mail “{subject}” to {who} goes out.",
    returned: "Nobody decided in time. The mail “{subject}” to {who} went back to its sender, undelivered.",
    sent_unasked: "Nobody decided in time. The mail “{subject}” to {who} goes out, as the policy asks.",
    nothing_left: "There is nothing left for you to do.",
    words: "{by} adds: “{words}”",
    handed: [
        "A colleague asks you to call",
        "{by} hands this over to you: the mail “{subject}” to {who} reads like {kind}. It is held until somebody has called. Please call, then say on your page what becomes of it.",
    ],
    handed_again: [
        "Still waiting for your call",
        "{by} handed over to you the mail “{subject}” to {who}. It has been held since {created}. Please call, then say on your page what becomes of it.",
    ],
    taken_back: [
        "Held again",
        "{by} took back the decision: the mail “{subject}” to {who} does not go out and is held again.",
    ],
    second: [
        "Please look at this mail",
        "{by} asks you to agree before the mail “{subject}” to {who} goes out. It reads like {kind}.",
    ],
    second_button: "Agree or decline",
    page_hint: "You see there what stopped it. Opening it changes nothing.",
    without_call: "It would go out without a call.",
    no_bad_news: "{by} says that it is no bad news.",
    was_called: "{by} says that the call was made.",
    nothing_before: "Nothing goes out before a second person agrees.",
    declined: [
        "It stays held",
        "{by} did not agree that the mail “{subject}” to {who} goes out. It stays held. Please speak with {by}, then decide anew.",
    ],
};

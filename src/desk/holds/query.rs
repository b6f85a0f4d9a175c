//! What an address of the queue asks for: read from it, and written into the next one.
//!
//! A value that is none is as one that nobody has: it finds nothing or, where only some are known,
//! means the default. Nothing here becomes more than a bound value of a search.

use jiff::{civil::Date, tz::TimeZone};

use crate::{
    hold::{Order, Place, Search, State, asked_words},
    mail::{HoldId, Timestamp},
};

/// Lines of one page.
pub(super) const PAGE: u32 = 50;
/// No value of a field is longer.
const MAX_VALUE_CHARS: usize = 320;
/// The end of time, as an address spells it.
const NEVER: &str = "never";

/// One of the ways to look at the queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Show {
    #[default]
    Held,
    Second,
    Going,
    Stuck,
    Undeliverable,
    Delivered,
    Withdrawn,
    Returned,
    All,
}

impl Show {
    pub(super) const ALL: [Show; 9] = [
        Show::Held,
        Show::Second,
        Show::Going,
        Show::Stuck,
        Show::Undeliverable,
        Show::Delivered,
        Show::Withdrawn,
        Show::Returned,
        Show::All,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Show::Held => "held",
            Show::Second => "second",
            Show::Going => "going",
            Show::Stuck => "stuck",
            Show::Undeliverable => "undeliverable",
            Show::Delivered => "delivered",
            Show::Withdrawn => "withdrawn",
            Show::Returned => "returned",
            Show::All => "all",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Show::Held => "Held",
            Show::Second => "Second person asked",
            Show::Going => "Going out",
            Show::Stuck => "Stuck",
            Show::Undeliverable => "Undeliverable",
            Show::Delivered => "Delivered",
            Show::Withdrawn => "Taken back",
            Show::Returned => "Returned",
            Show::All => "All",
        }
    }

    fn from_text(text: &str) -> Option<Show> {
        Show::ALL.into_iter().find(|show| show.as_str() == text)
    }

    /// The states that are looked at; empty: every one.
    pub(super) fn states(self) -> Vec<State> {
        match self {
            Show::Held | Show::Second => vec![State::Held],
            Show::Going => vec![State::Approved, State::Released],
            Show::Stuck => vec![State::Released],
            Show::Undeliverable => vec![State::Undeliverable],
            Show::Delivered => vec![State::Delivered],
            Show::Withdrawn => vec![State::Withdrawn],
            Show::Returned => vec![State::Returned],
            Show::All => Vec::new(),
        }
    }
}

/// The fields of the search, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) show: Show,
    pub(super) order: Order,
    pub(super) words: String,
    pub(super) sender: String,
    pub(super) recipient: String,
    pub(super) policy: String,
    pub(super) category: String,
    pub(super) team: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) behind: Option<Place>,
}

impl Query {
    /// Reads the part of an address behind `?`.
    pub(super) fn read(text: &str) -> Query {
        let mut query = Query::default();
        for (key, value) in form_urlencoded::parse(text.as_bytes()) {
            let value: String = value.trim().chars().take(MAX_VALUE_CHARS).collect();
            match &*key {
                "show" => query.show = Show::from_text(&value).unwrap_or_default(),
                "order" => query.order = Order::from_text(&value).unwrap_or_default(),
                "q" => query.words = value,
                "sender" => query.sender = value,
                "recipient" => query.recipient = value,
                "policy" => query.policy = value,
                "category" => query.category = value,
                "team" => query.team = value,
                "from" => query.from = value,
                "to" => query.to = value,
                "behind" => query.behind = place(&value),
                _ => {}
            }
        }
        query
    }

    /// Writes it, without where the page begins.
    pub(super) fn write(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        let fields = [
            ("show", self.show.as_str()),
            ("order", self.order.as_str()),
            ("q", &self.words),
            ("sender", &self.sender),
            ("recipient", &self.recipient),
            ("policy", &self.policy),
            ("category", &self.category),
            ("team", &self.team),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let defaults = [Show::default().as_str(), Order::default().as_str(), ""];
        for (key, value) in fields.into_iter().filter(|(_, value)| !defaults.contains(value)) {
            out.append_pair(key, value);
        }
        out.finish()
    }

    /// The address of the page that begins behind this place.
    pub(super) fn behind(&self, place: &Place) -> String {
        let mut text = self.write();
        let mark = if text.is_empty() { "" } else { "&" };
        text.push_str(&format!("{mark}behind={}", written(place)));
        text
    }

    /// The same search shown otherwise.
    pub(super) fn shown(&self, show: Show) -> Query {
        Query { show, behind: None, ..self.clone() }
    }

    /// Whether it looks for less than all of its kind.
    pub(super) fn is_narrowed(&self) -> bool {
        let shown = Query { show: self.show, order: self.order, ..Query::default() };
        Query { behind: None, ..self.clone() } != shown
    }

    /// The search for the store; `senders` are those whom whoever asks may see.
    pub(super) fn search(&self, senders: Option<Vec<String>>, zone: &TimeZone) -> Search {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Search {
            states: self.show.states(),
            policy: some(&self.policy),
            category: some(&self.category),
            sender: some(&self.sender),
            recipient: some(&self.recipient),
            words: asked_words(&self.words),
            from: day(&self.from, zone),
            before: day(&self.to, zone).and_then(|_| day_after(&self.to, zone)),
            senders,
            stuck: self.show == Show::Stuck,
            proposed: self.show == Show::Second,
            order: self.order,
            behind: self.behind.clone(),
            most: PAGE,
        }
    }
}

/// The beginning of a day, in the house's zone.
fn day(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let date: Date = text.parse().ok()?;
    Some(date.to_zoned(zone.clone()).ok()?.timestamp())
}

fn day_after(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let date: Date = text.parse().ok()?;
    Some(date.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp())
}

/// A place as an address spells it.
fn written(place: &Place) -> String {
    let ends = match place.ends_at {
        at if at == Timestamp::MAX => NEVER.to_owned(),
        at => at.as_microsecond().to_string(),
    };
    let calm = u8::from(place.calm);
    format!("{}.{ends}.{calm}.{}", place.created.as_microsecond(), place.id)
}

fn place(text: &str) -> Option<Place> {
    let mut pieces = text.split('.');
    let mut next = || pieces.next();
    let created = Timestamp::from_microsecond(next()?.parse().ok()?).ok()?;
    let ends_at = match next()? {
        NEVER => Timestamp::MAX,
        at => Timestamp::from_microsecond(at.parse().ok()?).ok()?,
    };
    let calm = next()? != "0";
    Some(Place { calm, created, ends_at, id: HoldId::parse(next()?).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_written_as_it_was_read() {
        for text in [
            "",
            "show=all&order=urgent&q=warranty+claim&from=2026-01-02",
            "sender=a%26b%40x.example&team=north+%25",
        ] {
            assert_eq!(Query::read(text).write(), text);
        }
        let odd = Query::read("show=nothing&order=&behind=x&q=%FF&unknown=1");
        assert_eq!((odd.show, odd.order, odd.behind), (Show::Held, Order::Newest, None));
    }

    #[test]
    fn a_place_is_found_again_also_where_nothing_ends() {
        let at = |micros| Timestamp::from_microsecond(micros).unwrap();
        for ends_at in [at(77), Timestamp::MAX] {
            let id = HoldId::from_octets([7; 16]);
            let place = Place { calm: false, created: at(1_700_000_000_000_001), ends_at, id };
            let query = Query::read(&Query::read("show=all").behind(&place));
            assert_eq!(query.behind, Some(place));
        }
    }

    #[test]
    fn days_are_those_of_the_house() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let search = Query::read("from=2026-03-29&to=2026-03-29").search(None, &zone);
        assert_eq!(search.from, "2026-03-28T23:00:00Z".parse().ok());
        assert_eq!(search.before, "2026-03-29T22:00:00Z".parse().ok(), "an hour is missing");
        assert_eq!(Query::read("from=tomorrow").search(None, &zone).from, None);
    }
}

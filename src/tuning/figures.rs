//! What a change does to the reference mails, in figures, and whether that is too much.

use std::collections::BTreeMap;

use serde::Serialize;

use super::reference::Reference;

/// Points of recall that a change may cost over all kinds of news, and of one kind.
const MOST_LOST: f64 = 1.0;
const MOST_LOST_OF_ONE: f64 = 3.0;
/// Points of ordinary mail that it may come to hold.
const MOST_HELD_MORE: f64 = 1.0;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Held.
    pub held: usize,
    /// Of these.
    pub of: usize,
}

impl Share {
    fn count(&mut self, held: bool) {
        self.held += usize::from(held);
        self.of += 1;
    }

    /// As a percentage; 0 of 0 is none.
    pub fn percent(self) -> f64 {
        if self.of == 0 { 0.0 } else { 100.0 * self.held as f64 / self.of as f64 }
    }
}

/// What a set holds of the reference mails.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Of all bad news.
    pub news: Share,
    /// Of each kind of it.
    pub by_category: BTreeMap<String, Share>,
    /// Of mail that should pass.
    pub ordinary: Share,
}

/// A reference mail that comes out another way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Its name in `data/reference/mails.jsonl`.
    pub id: String,
    /// Its language.
    pub language: String,
    /// Its kind.
    pub category: String,
    /// Its subject.
    pub subject: String,
    /// Whether it is bad news.
    pub news: bool,
    /// Whether it is held now; before it was the other way.
    pub held: bool,
}

/// The reference mails before and after a change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// As things are.
    pub before: Figures,
    /// As they would be.
    pub after: Figures,
    /// The mails that come out another way.
    pub changed: Vec<Changed>,
}

impl Comparison {
    /// Of what is held of the reference mails before and after, in their order.
    pub fn of(reference: &Reference, before: &[bool], after: &[bool]) -> Comparison {
        let mut comparison = Comparison::default();
        for (row, (before, after)) in reference.rows().zip(before.iter().zip(after)) {
            for (figures, held) in
                [(&mut comparison.before, *before), (&mut comparison.after, *after)]
            {
                if row.is_news() {
                    figures.news.count(held);
                    figures.by_category.entry(row.category.clone()).or_default().count(held);
                } else {
                    figures.ordinary.count(held);
                }
            }
            if before != after {
                comparison.changed.push(Changed {
                    id: row.id.clone(),
                    language: row.lang.clone(),
                    category: row.category.clone(),
                    subject: row.subject.clone(),
                    news: row.is_news(),
                    held: *after,
                });
            }
        }
        comparison
    }

    /// Why the change costs too much; empty where it does not.
    pub fn refusals(&self) -> Vec<String> {
        let mut refusals = Vec::new();
        let (before, after) = (&self.before, &self.after);
        let lost = before.news.percent() - after.news.percent();
        if lost > MOST_LOST {
            refusals.push(format!(
                "of all bad news of the reference mails {} instead of {} of {} would be held: {lost:.1} points less, {MOST_LOST:.0} is the most",
                after.news.held, before.news.held, before.news.of
            ));
        }
        for (category, share) in &before.by_category {
            let now = after.by_category.get(category).copied().unwrap_or_default();
            let lost = share.percent() - now.percent();
            if lost > MOST_LOST_OF_ONE {
                refusals.push(format!(
                    "of {category} {} instead of {} of {} would be held: {lost:.1} points less, {MOST_LOST_OF_ONE:.0} is the most",
                    now.held, share.held, share.of
                ));
            }
        }
        let more = after.ordinary.percent() - before.ordinary.percent();
        if more > MOST_HELD_MORE {
            refusals.push(format!(
                "of mail that should pass {} instead of {} of {} would be held: {more:.1} points more, {MOST_HELD_MORE:.0} is the most",
                after.ordinary.held, before.ordinary.held, before.ordinary.of
            ));
        }
        refusals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(news: usize, claims: usize, ordinary: usize) -> Figures {
        let claims = ("claim_denial".to_owned(), Share { held: claims, of: 34 });
        Figures {
            news: Share { held: news, of: 408 },
            by_category: BTreeMap::from([claims]),
            ordinary: Share { held: ordinary, of: 200 },
        }
    }

    fn refusals(after: Figures) -> usize {
        let before = figures(400, 34, 4);
        Comparison { before, after, changed: Vec::new() }.refusals().len()
    }

    #[test]
    fn a_change_may_cost_one_point_in_all_and_three_of_a_kind() {
        assert_eq!(refusals(figures(396, 33, 4)), 0);
        assert_eq!(refusals(figures(395, 33, 4)), 1);
        assert_eq!(refusals(figures(398, 32, 4)), 1);
        assert_eq!(refusals(figures(390, 30, 4)), 2);
        assert_eq!(refusals(figures(400, 34, 6)), 0);
        assert_eq!(refusals(figures(400, 34, 7)), 1);
    }
}

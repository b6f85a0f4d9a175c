//! The kinds of bad news, named as in the labelling rule.

/// A kind of bad news. `other` is the default: news that is none of the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Category(usize);

const NAMES: [&str; Category::COUNT] = [
    "warranty_denial",
    "claim_denial",
    "refund_refusal",
    "delivery_delay",
    "order_cancellation",
    "error_disclosure",
    "price_increase",
    "service_termination",
    "rejection",
    "complaint_response",
    "email_apology",
    "other",
];

impl Category {
    /// How many there are.
    pub const COUNT: usize = 12;

    /// All of them, in the order of the labelling rule.
    pub fn all() -> impl Iterator<Item = Category> {
        (0..Category::COUNT).map(Category)
    }

    /// By its name: `warranty_denial`.
    pub fn named(name: &str) -> Option<Category> {
        NAMES.iter().position(|n| *n == name).map(Category)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        NAMES.get(self.0).copied().unwrap_or("other")
    }

    /// Its place in [`all`](Self::all).
    pub fn index(self) -> usize {
        self.0
    }
}

impl Default for Category {
    fn default() -> Self {
        Category(Category::COUNT - 1)
    }
}

//! How sure a policy must be, for all policies at once.

use super::PolicySet;

/// A setting of all thresholds together: an admin's one dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// Holds only what is plainly bad news: fewest false holds.
    Cautious,
    /// The thresholds as they are written.
    #[default]
    Balanced,
    /// Holds on a weaker suspicion too: misses least.
    Strict,
}

impl Preset {
    /// All of them with their names.
    pub const ALL: [(&'static str, Preset); 3] = [
        ("cautious", Preset::Cautious),
        ("balanced", Preset::Balanced),
        ("strict", Preset::Strict),
    ];

    /// What it adds to each threshold, in log-odds.
    pub fn shift(self) -> f64 {
        match self {
            Preset::Cautious => 1.0,
            Preset::Balanced => 0.0,
            Preset::Strict => -1.0,
        }
    }
}

impl PolicySet {
    /// The same policies with their thresholds moved, each from where it is written: 0.5 becomes
    /// 0.73 when cautious and 0.27 when strict.
    #[must_use]
    pub fn with_preset(mut self, preset: Preset) -> PolicySet {
        // Only what moves is computed: a threshold of 0.5 must stay 0.5 to the last digit.
        if preset != Preset::Balanced {
            for policy in &mut self.policies {
                let written = (policy.threshold / (1.0 - policy.threshold)).ln();
                policy.threshold = 1.0 / (1.0 + (-(written + preset.shift())).exp());
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Source;

    fn threshold(preset: Preset) -> f64 {
        let text = "id = \"late\"\ntitle = \"a delay\"\ncategory = \"delivery_delay\"\n\
                    [hold]\nthreshold = 0.5\n[[signal]]\nname = \"late\"\nweight = 6.0\n\
                    any = [\"late\"]\n";
        let source = Source { name: "late.toml".to_owned(), text: text.to_owned() };
        PolicySet::compile(&[source], None).unwrap().with_preset(preset).policies()[0].threshold
    }

    #[test]
    fn a_preset_moves_thresholds_and_balanced_leaves_them() {
        assert_eq!(threshold(Preset::Balanced).to_bits(), 0.5_f64.to_bits());
        assert!((threshold(Preset::Cautious) - 0.731).abs() < 0.001);
        assert!((threshold(Preset::Strict) - 0.269).abs() < 0.001);
    }
}

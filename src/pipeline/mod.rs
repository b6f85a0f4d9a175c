//! One transaction through reading, weighing and deciding; then hold or relay.

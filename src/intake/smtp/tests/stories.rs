//! Stories that need more than text: limits, time, large content, TLS.

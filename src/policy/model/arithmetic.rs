//! `exp` and `ln` from the four basic operations only.
//!
//! The system's library may round them differently on another machine; training must give the
//! same bytes everywhere, and IEEE 754 fixes the basic operations and nothing else.

const LN_2: f64 = core::f64::consts::LN_2;

/// e to the power of `x`; `x` is cut to ±700, where an f64 still holds the result.
pub(super) fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let twos = (x / LN_2).round();
    let rest = x - twos * LN_2;
    // Taylor: |rest| ≤ 0.35, so fourteen terms are below the last bit.
    let mut sum = 1.0;
    for k in (1..=14).rev() {
        sum = 1.0 + sum * rest / f64::from(k);
    }
    let factor = if twos < 0.0 { 0.5 } else { 2.0 };
    let mut left = twos.abs();
    while left > 0.0 {
        sum *= factor;
        left -= 1.0;
    }
    sum
}

/// The natural logarithm of a positive number; what is not positive counts as the least positive.
pub(super) fn ln(x: f64) -> f64 {
    let mut x = x.max(f64::MIN_POSITIVE);
    let mut twos = 0.0;
    while x > 1.5 {
        x *= 0.5;
        twos += 1.0;
    }
    while x < 0.75 {
        x *= 2.0;
        twos -= 1.0;
    }
    // ln x = 2 artanh((x-1)/(x+1)), |argument| ≤ 1/5.
    let y = (x - 1.0) / (x + 1.0);
    let square = y * y;
    let mut sum = 0.0;
    for k in (0..14).rev() {
        sum = sum * square + 1.0 / f64::from(2 * k + 1);
    }
    2.0 * y * sum + twos * LN_2
}

/// The logistic function.
pub(super) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_library_to_twelve_digits() {
        for step in -400..400 {
            let x = f64::from(step) * 0.37;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-12, "exp {x}");
            let positive = x.exp();
            assert!((ln(positive) - x).abs() < 1e-11, "ln {positive}");
        }
        assert!(exp(1e9).is_finite() && ln(0.0).is_finite() && ln(-1.0).is_finite());
    }

    #[test]
    fn the_logistic_function_rises_from_nought_to_one() {
        assert!(logistic(-50.0) < 1e-12 && (logistic(0.0) - 0.5).abs() < 1e-15);
        assert!(logistic(-1.0) < logistic(1.0) && logistic(50.0) > 1.0 - 1e-12);
    }
}

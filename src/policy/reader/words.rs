//! The vectors of pieces and of places.
//!
//! A piece's vector is kept as the base has it: blocks of 32 numbers, each a half-precision scale
//! and 32 four-bit numbers less eight, the low halves of the octets first. Behind them stand the
//! vectors of the places in single precision, little-endian.

use super::WINDOW;

/// Numbers of a vector.
pub(super) const WIDTH: usize = 384;
/// Numbers of a block.
const BLOCK: usize = 32;
/// Octets of a block: its scale and two numbers an octet.
const BLOCK_OCTETS: usize = 2 + BLOCK / 2;
const VECTOR_OCTETS: usize = WIDTH / BLOCK * BLOCK_OCTETS;

/// See the module.
#[derive(Debug)]
pub(super) struct Words {
    packed: &'static [u8],
    places: Vec<f32>,
}

impl Words {
    /// `None` where the file does not hold so many pieces and a window's places.
    pub(super) fn new(file: &'static [u8], pieces: usize) -> Option<Words> {
        let (packed, places) = file.split_at_checked(pieces * VECTOR_OCTETS)?;
        let (places, rest) = places.as_chunks::<4>();
        let places: Vec<f32> = places.iter().map(|four| f32::from_le_bytes(*four)).collect();
        (rest.is_empty() && places.len() >= WINDOW * WIDTH).then_some(Words { packed, places })
    }

    /// Appends the vector of a piece at the next place. A piece beyond the vocabulary, or a place
    /// beyond the window, adds zeros.
    pub(super) fn push(&self, piece: u32, into: &mut Vec<f32>) {
        let start = into.len();
        let at = piece as usize * VECTOR_OCTETS;
        let packed = self.packed.get(at..at + VECTOR_OCTETS).unwrap_or_default();
        for block in packed.as_chunks::<BLOCK_OCTETS>().0 {
            let [low, high, numbers @ ..] = block;
            let scale = half(u16::from_le_bytes([*low, *high]));
            into.extend(numbers.iter().map(|octet| scale * (f32::from(octet & 15) - 8.0)));
            into.extend(numbers.iter().map(|octet| scale * (f32::from(octet >> 4) - 8.0)));
        }
        into.resize(start + WIDTH, 0.0);
        let place = self.places.get(start..start + WIDTH).unwrap_or_default();
        for (sum, place) in into.iter_mut().skip(start).zip(place) {
            *sum += place;
        }
    }
}

/// A half-precision number (IEEE 754 binary16). Scales are finite.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, mantissa) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    match exponent {
        0 => sign * mantissa * 2.0_f32.powi(-24),
        _ => sign * (1.0 + mantissa / 1024.0) * 2.0_f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision() {
        for (bits, number) in
            [(0x3c00, 1.0), (0xc000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8)]
        {
            assert!((half(bits) - number).abs() < 1e-9, "{bits:x}: {} {number}", half(bits));
        }
    }

    #[test]
    fn a_vector_is_its_blocks_and_its_place() {
        let mut file = vec![0_u8; VECTOR_OCTETS];
        // Scale 1, first number 15 - 8, the seventeenth 0 - 8.
        file[..3].copy_from_slice(&[0x00, 0x3c, 0x0f]);
        file.extend((0..WINDOW * WIDTH).flat_map(|_| 0.5_f32.to_le_bytes()));
        let words = Words::new(file.leak(), 1).unwrap();
        let mut vector = Vec::new();
        words.push(0, &mut vector);
        assert_eq!((vector.len(), vector[0], vector[16]), (WIDTH, 7.5, -7.5));
        assert!((vector[1] - (0.5 - 8.0)).abs() < 1e-6 && (vector[32] - 0.5).abs() < 1e-6);
        words.push(9, &mut vector);
        assert!(vector[WIDTH..].iter().all(|n| (n - 0.5).abs() < 1e-6), "unknown: its place only");
    }

    #[test]
    fn a_file_of_another_size_is_refused() {
        assert!(Words::new(&[0; 100], 1).is_none());
    }
}

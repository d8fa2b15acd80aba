//! Products of finite sets: a request is one atom per dimension, a statement is a product of atom sets, and "allowed but not denied"
//! is subtraction of products.

/// The dimensions with their number of atoms, laid out in 64-bit words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Space {
    /// (first word, words, atoms) per dimension.
    dims: Vec<(usize, usize, usize)>,
    words: usize,
}

/// A product of atom sets, one word group per dimension.
pub(crate) type Cube = Vec<u64>;

/// A set of atoms of one dimension.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Mask(pub Vec<u64>);

impl Mask {
    pub fn none(atoms: usize) -> Self {
        Mask(vec![0; atoms.div_ceil(64).max(1)])
    }

    pub fn all(atoms: usize) -> Self {
        let mut mask = Mask::none(atoms);
        for atom in 0..atoms {
            mask.set(atom);
        }
        mask
    }

    pub fn set(&mut self, atom: usize) {
        if let Some(word) = self.0.get_mut(atom.wrapping_shr(6)) {
            *word |= bit(atom);
        }
    }

    pub fn has(&self, atom: usize) -> bool {
        self.0.get(atom.wrapping_shr(6)).is_some_and(|word| word & bit(atom) != 0)
    }

    /// The first atom.
    pub fn first(&self) -> Option<usize> {
        let word = self.0.iter().position(|word| *word != 0)?;
        let bit = self.0.get(word)?.trailing_zeros() as usize;
        Some(word.saturating_mul(64).saturating_add(bit))
    }

    /// The number of atoms.
    pub fn count(&self) -> usize {
        self.0.iter().fold(0, |n, word| n.saturating_add(word.count_ones() as usize))
    }

    pub fn zip(&self, other: &Mask, f: impl Fn(u64, u64) -> u64) -> Mask {
        Mask(self.0.iter().zip(&other.0).map(|(a, b)| f(*a, *b)).collect())
    }

    pub fn and(&self, other: &Mask) -> Mask {
        self.zip(other, |a, b| a & b)
    }

    pub fn or(&self, other: &Mask) -> Mask {
        self.zip(other, |a, b| a | b)
    }

    /// Everything of `all` that is not here.
    pub fn complement(&self, all: &Mask) -> Mask {
        self.zip(all, |a, b| !a & b)
    }
}

fn bit(atom: usize) -> u64 {
    1_u64.wrapping_shl(u32::try_from(atom & 63).unwrap_or(0))
}

impl Space {
    pub fn new(sizes: &[usize]) -> Self {
        let mut words = 0_usize;
        let dims = sizes
            .iter()
            .map(|atoms| {
                let count = atoms.div_ceil(64).max(1);
                let first = words;
                words = words.saturating_add(count);
                (first, count, *atoms)
            })
            .collect();
        Space { dims, words }
    }

    pub fn full(&self) -> Cube {
        let mut cube = Vec::with_capacity(self.words);
        for (_, _, atoms) in &self.dims {
            cube.extend(Mask::all(*atoms).0);
        }
        cube
    }

    /// Narrows one dimension.
    pub fn narrow(&self, cube: &mut Cube, dim: usize, mask: &Mask) {
        if let Some((first, _, _)) = self.dims.get(dim) {
            for (word, by) in cube.iter_mut().skip(*first).zip(&mask.0) {
                *word &= by;
            }
        }
    }

    fn group<'c>(&self, cube: &'c [u64], dim: usize) -> &'c [u64] {
        self.dims.get(dim).and_then(|(first, count, _)| cube.get(*first..first.saturating_add(*count))).unwrap_or(&[])
    }

    pub fn is_empty(&self, cube: &[u64]) -> bool {
        (0..self.dims.len()).any(|dim| self.group(cube, dim).iter().all(|word| *word == 0))
    }

    /// The product of both, or `None` when nothing is in both.
    pub fn meet(&self, a: &[u64], b: &[u64]) -> Option<Cube> {
        let cube: Cube = a.iter().zip(b).map(|(a, b)| a & b).collect();
        (!self.is_empty(&cube)).then_some(cube)
    }

    pub fn overlaps(&self, a: &[u64], b: &[u64]) -> bool {
        self.dims.iter().all(|(first, count, _)| a.iter().zip(b).skip(*first).take(*count).any(|(a, b)| a & b != 0))
    }

    /// `a` without `b`, as disjoint products: at most one per dimension.
    pub fn minus(&self, a: &[u64], b: &[u64]) -> Vec<Cube> {
        let mut pieces = Vec::new();
        let mut rest: Cube = a.to_vec();
        for (first, count, _) in &self.dims {
            let mut piece = rest.clone();
            let mut some = false;
            for ((p, r), cut) in piece.iter_mut().zip(rest.iter_mut()).zip(b).skip(*first).take(*count) {
                *p &= !cut;
                *r &= cut;
                some |= *p != 0;
            }
            if some {
                pieces.push(piece);
            }
        }
        pieces
    }

    /// The atoms of one dimension of a cube, ascending.
    pub fn atoms(&self, cube: &[u64], dim: usize) -> Vec<usize> {
        let size = self.dims.get(dim).map_or(0, |d| d.2);
        let mask = Mask(self.group(cube, dim).to_vec());
        (0..size).filter(|atom| mask.has(*atom)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtraction_leaves_exactly_the_points_outside() {
        let space = Space::new(&[3, 70, 2]);
        let cube = |a: &[usize], b: &[usize], c: &[usize]| {
            let mut cube = space.full();
            for (dim, (size, atoms)) in [(3, a), (70, b), (2, c)].iter().enumerate() {
                let mut mask = Mask::none(*size);
                atoms.iter().for_each(|atom| mask.set(*atom));
                space.narrow(&mut cube, dim, &mask);
            }
            cube
        };
        let a = cube(&[0, 1], &[0, 65, 69], &[0, 1]);
        let b = cube(&[1, 2], &[65, 2], &[1]);
        let pieces = space.minus(&a, &b);
        for x in 0..3 {
            for y in 0..70 {
                for z in 0..2 {
                    let point = cube(&[x], &[y], &[z]);
                    let want = space.overlaps(&a, &point) && !space.overlaps(&b, &point);
                    assert_eq!(pieces.iter().filter(|p| space.overlaps(p, &point)).count(), usize::from(want));
                }
            }
        }
    }
}

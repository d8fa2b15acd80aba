//! Sorting of large rows without a second copy of them.

/// Sorts rows, equal ones in the order that they have, and moves each at most once: a merge sort would copy half of
/// them aside, and they are large.
pub(crate) fn arrange<R>(rows: &mut [R], compare: impl Fn(&R, &R) -> std::cmp::Ordering) {
    if rows.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return;
    }
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| match (rows.get(*a), rows.get(*b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => std::cmp::Ordering::Equal,
    });
    let mut places = vec![0; order.len()];
    for (to, from) in order.into_iter().enumerate() {
        if let Some(place) = places.get_mut(from) {
            *place = to;
        }
    }
    for at in 0..rows.len() {
        while let Some(to) = places.get(at).copied().filter(|to| *to != at) {
            rows.swap(at, to);
            places.swap(at, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_order_and_equal_ones_keep_theirs() {
        let mut seed = 7_u32;
        for length in 0..200_u32 {
            let mut rows: Vec<(u32, u32)> = (0..length)
                .map(|at| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 28, at)
                })
                .collect();
            let mut wanted = rows.clone();
            wanted.sort_by_key(|row| row.0);
            arrange(&mut rows, |a, b| a.0.cmp(&b.0));
            assert_eq!(rows, wanted);
        }
    }
}

//! The only threads: work that is split, and its results in the order in which it was given.

use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Calls `work` for each item on up to `threads` threads; the results stand in the order of the items, so what comes
/// out does not depend on the number of threads. Where no thread can be had, the calling one does everything; work that
/// splits itself again is done by the threads that are there.
pub fn map_in_order<T, R>(
    items: Vec<T>,
    threads: usize,
    work: impl Fn(T) -> R + Sync + Send,
) -> Vec<R>
where
    T: Send,
    R: Send,
{
    if threads <= 1 || items.len() <= 1 {
        return items.into_iter().map(work).collect();
    }
    if rayon::current_thread_index().is_some() {
        return items.into_par_iter().map(&work).collect();
    }
    match ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(|| items.into_par_iter().map(&work).collect()),
        Err(_) => items.into_iter().map(work).collect(),
    }
}

/// As many threads as the machine has cores; 1 when it does not tell.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::map_in_order;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..1_000).collect();
        let alone = map_in_order(items.clone(), 1, |n| n * n);
        for threads in [2, 3, 8] {
            assert_eq!(map_in_order(items.clone(), threads, |n| n * n), alone);
        }
    }

    #[test]
    fn work_that_splits_again_makes_no_more_threads() {
        let inner = |n: u64| {
            let parts = map_in_order((0..n).collect(), 8, |it| (it, rayon::current_num_threads()));
            assert!(parts.iter().all(|(_, threads)| *threads == 2));
            parts.iter().map(|(it, _)| *it).collect::<Vec<u64>>()
        };
        let found = map_in_order((2..50).collect(), 2, inner);
        for (at, parts) in found.iter().enumerate() {
            assert!(parts.iter().copied().eq(0..at as u64 + 2));
        }
    }
}

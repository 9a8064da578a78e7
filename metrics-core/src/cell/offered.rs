//! What is counted where a source of exemplars may have to be asked: the way that is left when the short one is closed.

use super::cells::Cells;
use crate::exemplar;

impl Cells {
    /// Asks the source of exemplars for one of an observation; a histogram without buckets is a summary, which has none.
    pub(crate) fn offer(self, bucket: usize, sum: usize, value: f64) {
        if sum > 1 {
            exemplar::offer(self.place(bucket), value);
        }
    }

    #[inline(never)]
    pub(super) fn count_slowly(self, amount: u64) {
        exemplar::offer(self.place(0), amount as f64);
        self.add_slowly(0, amount);
    }

    #[inline(never)]
    pub(super) fn count_f64_slowly(self, amount: f64) {
        exemplar::offer(self.place(0), amount);
        self.add_f64_slowly(0, amount);
    }

    #[inline(never)]
    pub(super) fn add_to_bucket_slowly(self, bucket: usize, sum: usize, value: f64) {
        self.offer(bucket, sum, value);
        self.add_slowly(bucket, 1);
    }
}

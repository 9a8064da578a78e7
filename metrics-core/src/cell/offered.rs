//! What is counted where a source of exemplars may have to be asked: the way that is left when the short one is closed.

use super::cells::Cells;
use crate::exemplar;

impl Cells {
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
    pub(super) fn add_to_bucket_slowly(self, bucket: usize, buckets: usize, value: f64) {
        // A histogram of one bucket is a summary, which has none.
        if buckets > 1 {
            exemplar::offer(self.place(bucket), value);
        }
        self.add_slowly(bucket, 1);
    }
}

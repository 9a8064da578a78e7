//! The slow path of counts that may have an exemplar.

use super::{cells::Cells, observer};

impl Cells {
    #[inline(never)]
    pub(super) fn count_slowly(self, amount: u64) {
        observer::sample(self.place(0), amount as f64);
        self.add_slowly(0, amount);
    }

    #[inline(never)]
    pub(super) fn count_f64_slowly(self, amount: f64) {
        observer::sample(self.place(0), amount);
        self.add_f64_slowly(0, amount);
    }

    #[inline(never)]
    pub(super) fn add_to_bucket_slowly(self, bucket: usize, buckets: usize, value: f64) {
        // A histogram of one bucket is a summary, which has none.
        if buckets > 1 {
            observer::sample(self.place(bucket), value);
        }
        self.add_slowly(bucket, 1);
    }
}

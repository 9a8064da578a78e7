#[observed]
impl<'a, T: Clone> app::Parser<'a, T> {
    pub const LIMIT: usize = 3;

    /// Parses.
    pub fn parse(&self) -> bool {
        true
    }

    #[observed(skip)]
    fn helper(&self) {}

    /// Frees.
    #[metrics_core::counted(name = "frees_total")]
    fn free(self) {}
}

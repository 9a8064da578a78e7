//! Limits, and the behaviour in unusual places.
//!
//! # Names of the packages
//!
//! These packages are not on the registry. `metrics-core` and `metrics-macros` are other projects there: `cargo add metrics-core` takes
//! a crate that has nothing to do with this one. Name a path or a git repository in the manifest, as the README does. A program that
//! needs both renames one of them: `meters = { package = "metrics-core", path = "…" }`; the macros find the name in the manifest.
//!
//! # Memory
//!
//! Every thread has cells of its own, which makes counting cheap and costs memory with the number of threads:
//!
//! | bytes a series | one thread | each further thread that counts in it |
//! |---|---|---|
//! | counter with 3 finite labels | 57 | 8 |
//! | histogram of 14 buckets | 178 | 129 |
//!
//! So 10,000 such counters that 16 threads count in take 1.8 MB, and 10,000 such histograms 21 MB. A thread that ends leaves its cells
//! to the next one. `benches/README.md` in the repository has the figures and the command.
//!
//! * All combinations of finite labels exist from the start: three labels of ten values each are 1,000 series.
//! * A string is capped, so its series are at most its limit times the other labels. A series stays until it is removed, or for its
//!   `ttl`.
//! * Past 256 threads at once, or past eight times the cells of one thread plus 64 MiB, threads share cells, and counts are slower.
//! * Metrics of the `prometheus` crate have the memory that this crate gives them, which nothing limits.
//!
//! # The link-time list
//!
//! Annotated functions and static groups are listed by the linker, with [`inventory`]. So they are on the first page, and:
//!
//! * **A library that nothing refers to is left out** by the linker, with its metrics. Write `use my_library as _;`.
//! * **Platforms.** Linux, Android, macOS, iOS, Windows, the BSDs, illumos, Haiku, Redox and WebAssembly have such a list. On others
//!   a metric appears with its first use. The tests of this project run on Linux.
//! * **Dynamic libraries.** A `cdylib` has its own copy of this crate, with its own global registry: the page of the program that loads
//!   it does not have its metrics. Give the library a function that returns its page. One that is loaded must not be unloaded, as
//!   threads have cells in it.
//! * **Each annotated function costs something at the start**: some 200 instructions, also if nobody calls it.
//!
//! # Processes
//!
//! * **After `main`.** Destructors and threads that outlive `main` may count: it neither panics nor blocks. Nothing sends the last
//!   page: a job that ends pushes it, with the feature `push`.
//! * **Forks.** A child has a copy of the counts, and both go on from there: the parent's page has nothing of the child's. A server's
//!   thread is not in the child. If another thread registered a metric or made a page while the process forked, its lock stays locked
//!   in the child. Fork before the first metric is used, or start a new process.
//! * **Several processes of one service** have a page each. Give each a port (`MetricsServer::bind_first`) and let Prometheus sum.
//! * **Signal handlers.** Do not count in one: the first count of a thread allocates and takes a lock, and a count that a handler makes
//!   in the middle of another count of its thread may be lost. Count in the thread that is told of the signal (`tokio::signal`).
//! * **`panic = "abort"`.** A panic ends the process, so `result="panicked"` is on no page.
//!
//! # Languages and protocols
//!
//! * **Edition 2015.** Write `extern crate core;` and `extern crate metrics_core;` in the crate's root. In annotated items, words that
//!   later editions reserve are written `r#async`.
//! * **HTTP/1.0**, as nginx speaks it to its upstreams by default: a page of up to 64 KiB has a length. A larger one ends with the
//!   connection, so that such a client cannot tell an aborted page from a whole one, except by the `# EOF` of OpenMetrics.
//! * **Numbers** are 64-bit integers, or `f64`: a counter wraps after 2^64.
//!
//! # Functions
//!
//! * `const fn` cannot be annotated.
//! * All instances of a generic function share a series. A method that is annotated on its own cannot see the type of its `impl`:
//!   annotate the `impl` block, or name the function.
//! * There is no label for the caller of a function.
//! * A count is one number for the whole process: a [`TestScope`](crate::testing::TestScope) tells those of one test apart.
//!
//! [`inventory`]: https://docs.rs/inventory

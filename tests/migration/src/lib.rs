//! Pages of the programs of the migration guides, compared by the tables of the guides.
#![expect(clippy::missing_panics_doc, reason = "a test's support panics wherever the test has failed")]

mod guide;
mod page;
mod program;

pub use guide::Guide;
pub use page::{Family, Page, Signature};
pub use program::{Drive, page_of};

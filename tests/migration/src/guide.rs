//! Pages of the guide: their programs, and the table of what is the same, what moves and what is gone.

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use crate::{Page, Signature};

/// A migration guide.
#[derive(Debug)]
pub struct Guide {
    name: String,
    text: String,
}

/// A row of the table.
#[derive(Debug)]
struct Row {
    before: Option<Signature>,
    after: Option<Signature>,
    /// Label values that change: the label, the value before, and the value after; `None` if its samples are gone.
    values: Vec<(String, String, Option<String>)>,
    /// Set if the histograms have other buckets.
    has_other_buckets: bool,
}

impl Guide {
    /// Reads a guide.
    pub fn read(name: &str) -> Self {
        let text = fs::read_to_string(path(name)).expect("the guide");
        Self { name: name.to_owned(), text }
    }

    /// Asserts that the blocks of Rust are the programs. With `BLESS` set, writes the programs into the guide.
    pub fn assert_programs(&self) {
        let fence = "```rust,ignore\n";
        let mut pieces = self.text.split(fence);
        let mut text = pieces.next().unwrap_or_default().to_owned();
        let mut programs = ["before", "after", "both"].into_iter();
        for piece in pieces {
            let (_, rest) = piece.split_once("```\n").expect("the block ends");
            let step = programs.next().expect("three blocks");
            let file = format!("{}/programs/{}/{step}.rs", env!("CARGO_MANIFEST_DIR"), self.name);
            let program = fs::read_to_string(&file).expect("the program");
            let (_title, program) = program.split_once("\n\n").expect("the title ends");
            text.extend([fence, program, "```\n", rest]);
        }
        assert_eq!(programs.next(), None, "{} has three programs", self.name);
        if env::var_os("BLESS").is_some() {
            fs::write(path(&self.name), &text).expect("the guide can be written");
        } else {
            assert_eq!(
                text, self.text,
                "run the test with BLESS=1, which writes the programs into the guide"
            );
        }
    }

    /// Asserts that the pages differ as the table says, and in nothing else.
    pub fn assert_table(&self, before: &Page, after: &Page) {
        let rows = self.rows();
        assert_eq!(
            named(&rows, |row| row.before.as_ref(), before),
            before.signatures(),
            "{}: before",
            self.name
        );
        assert_eq!(named(&rows, |row| row.after.as_ref(), after), after.signatures(), "{}: after", self.name);
        for row in &rows {
            if let (Some(old), Some(new)) = (&row.before, &row.after) {
                row.assert_same(old, new, before, after);
            }
        }
    }

    fn rows(&self) -> Vec<Row> {
        let (_, table) =
            self.text.split_once("| before | after | difference |\n|---|---|---|\n").expect("the table");
        let rows = table.lines().take_while(|line| line.starts_with('|'));
        rows.map(Row::parse).collect()
    }
}

impl Row {
    fn parse(line: &str) -> Self {
        let mut cells = line.trim_matches('|').split(" | ").map(str::trim);
        let mut signature = || {
            let cell = cells.next().expect("two cells");
            cell.strip_prefix('`').map(|rest| Signature::parse(rest.trim_end_matches('`')))
        };
        let (before, after) = (signature(), signature());
        let after = if line.contains("| the same |") { before.clone() } else { after };
        let note = cells.next().unwrap_or_default();
        let words: Vec<_> = note.split('`').chain([""]).collect();
        let changes = words.windows(3).filter_map(|words| {
            let (label, old) = words[0].split_once('=')?;
            let new = match words[1] {
                " becomes " => Some(words[2].split_once('=').expect("a label after").1),
                text if text.starts_with(" is gone") => None,
                _ => return None,
            };
            let unquoted = |value: &str| value.trim_matches('"').to_owned();
            Some((label.to_owned(), unquoted(old), new.map(unquoted)))
        });
        Self { before, after, values: changes.collect(), has_other_buckets: note.contains("buckets") }
    }

    /// Asserts that both families have one type, and the same values where their label names are the same.
    fn assert_same(&self, old: &Signature, new: &Signature, before: &Page, after: &Page) {
        let (mut before, mut after) = (before.family(&old.name).clone(), after.family(&new.name).clone());
        assert_eq!(before.kind, after.kind, "{old} and {new}");
        for (label, from, to) in &self.values {
            before.change(label, from, to.as_deref());
        }
        if self.has_other_buckets {
            for family in [&mut before, &mut after] {
                family.samples.retain(|(suffix, ..)| !suffix.starts_with("_bucket"));
            }
        }
        let names: BTreeSet<_> = old.labels.intersection(&new.labels).cloned().collect();
        let is_duration = before.kind == "histogram" && old.name.ends_with("_seconds");
        assert_eq!(before.sums(is_duration, &names), after.sums(is_duration, &names), "{old} and {new}");
    }
}

fn path(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../metrics-core/src/guide/migration");
    PathBuf::from(folder).join(format!("{name}.md"))
}

/// Returns the signatures of a column. A name that ends in `*` stands for all families of the page that begin with it, and the
/// label `…` for further labels.
fn named(rows: &[Row], column: impl Fn(&Row) -> Option<&Signature>, page: &Page) -> BTreeSet<Signature> {
    let mut names = BTreeSet::new();
    for signature in rows.iter().filter_map(column) {
        let meant = page.signatures().into_iter().filter(|shown| signature.means(shown));
        let before = names.len();
        names.extend(meant);
        if names.len() == before {
            names.insert(signature.clone());
        }
    }
    names
}

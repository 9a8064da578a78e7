//! Capped labels of annotated functions, as attributes declare them.

use metrics_core::{
    __private::{CallSite, Dimension, Instrument, InstrumentLabel, Interners, LabelField, SiteDeclaration},
    Capped, Counter, Definition, Family, LabelSet, Registry,
};

/// A call site with one counter and one label.
const fn declaration(
    name: &'static str,
    arguments: usize,
    dimensions: &'static [Option<Dimension>],
    instruments: &'static [Instrument],
) -> SiteDeclaration {
    SiteDeclaration { function: name, arguments, dimensions, instruments, ..SiteDeclaration::PLAIN }
}

const LABELS: &[InstrumentLabel] = &[InstrumentLabel::Dimension(0)];

/// Returns the lines of a family on the page, without its name.
fn lines(name: &str) -> Vec<String> {
    let page = Registry::global().text();
    page.lines().filter_map(|line| line.strip_prefix(name)).map(str::to_owned).collect()
}

#[test]
fn absent_value_is_not_limited() {
    const DIMENSIONS: &[Option<Dimension>] = &[Some(Dimension::capped("tenant", 2))];
    static DECLARATION: SiteDeclaration = declaration(
        "absent",
        0,
        DIMENSIONS,
        &[Instrument { name: "absent_total", help: "Help.", labels: LABELS, ..Instrument::CALLS }],
    );
    static SITE: CallSite = CallSite::new(&DECLARATION);
    for tenant in ["a", "b", "c", ""] {
        let call = SITE.begin([]);
        let position = SITE.capped(0, tenant);
        call.finish(false, [position], ());
    }
    drop(SITE.begin([]));
    assert_eq!(
        lines("absent_total"),
        ["{tenant=\"a\"} 1", "{tenant=\"b\"} 1", "{tenant=\"_OTHER\"} 1", " 2"]
    );
    let catalog = Registry::global().catalog().to_json();
    let own = catalog.split("absent_total").nth(1).unwrap_or_default();
    assert!(own.contains("\"limit\":2"), "{catalog}");
}

#[derive(Clone)]
struct Tenant(Capped<2>);

impl LabelSet for Tenant {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::of::<Capped<2>>("tenant")];
    const CAPPED: bool = true;

    fn index(&self, interners: &Interners) -> usize {
        self.0.position(interners, 0)
    }
}

fn tenant(name: &str) -> Tenant {
    Tenant(name.into())
}

const TENANTS: &[Option<Dimension>] = &[Some(Dimension::capped("tenant", 2))];

#[test]
fn string_removed_during_a_call() {
    static DECLARATION: SiteDeclaration = declaration(
        "removed",
        1,
        TENANTS,
        &[Instrument { name: "removed_total", help: "Help.", labels: LABELS, ..Instrument::CALLS }],
    );
    static SITE: CallSite = CallSite::new(&DECLARATION);
    let begin = |name: &str| SITE.begin([SITE.capped(0, name)]);
    begin("a").finish(false, [], ());
    let family: Family<Tenant, Counter> =
        Registry::global().register(&Definition::new("removed_total", "Help.")).unwrap();
    let call = begin("a");
    assert!(family.remove(tenant("a")));
    family.with(tenant("b")).inc_by(10);
    call.finish(false, [], ());
    assert_eq!(lines("removed_total"), ["{tenant=\"b\"} 10", "{tenant=\"a\"} 1"]);
}

/// Registers the family before the call site, so that its strings can make room for others.
#[test]
fn family_string_removed_during_a_call() {
    static DECLARATION: SiteDeclaration = declaration(
        "foreign",
        1,
        TENANTS,
        &[Instrument { name: "foreign_total", help: "Help.", labels: LABELS, ..Instrument::CALLS }],
    );
    static SITE: CallSite = CallSite::new(&DECLARATION);
    let family: Family<Tenant, Counter> =
        Registry::global().register(&Definition::new("foreign_total", "Help.")).unwrap();
    let begin = |name: &str| SITE.begin([SITE.capped(0, name)]);
    begin("a").finish(false, [], ());
    let call = begin("a");
    assert!(family.remove(tenant("a")));
    family.with(tenant("b")).inc_by(10);
    call.finish(false, [], ());
    assert_eq!(lines("foreign_total"), ["{tenant=\"b\"} 10", "{tenant=\"a\"} 1"]);
}

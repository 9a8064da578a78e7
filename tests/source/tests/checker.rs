//! The checker on small made-up trees.

use tests_source::{CrateTree, LayerViolation, Layers, Sources, arrows, circles};

/// Arrows as `from:line to`.
fn arrows_of<const N: usize>(files: [(&str, &str); N]) -> Vec<String> {
    let tree = CrateTree::load(&files.into(), "lib.rs").unwrap();
    arrows(&tree).iter().map(|arrow| format!("{}:{} {}", arrow.from, arrow.line, arrow.to)).collect()
}

const TWO_LAYERS: Layers = Layers { rooms: &[&["cell"], &["label", "exemplar"]], above_all: &["lib"] };

fn violations<const N: usize>(files: [(&str, &str); N]) -> Vec<LayerViolation> {
    let tree = CrateTree::load(&files.into(), "lib.rs").unwrap();
    TWO_LAYERS.violations(tree.files(), &arrows(&tree))
}

#[test]
fn an_arrow_up_is_found_and_named() {
    let found = violations([
        ("lib.rs", "mod cell; mod label;"),
        ("cell.rs", "\nuse crate::label::Label;\npub struct Cell(Label);"),
        ("label.rs", "pub struct Label;"),
    ]);
    assert_eq!(
        found.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["arrow from layer 1 up to layer 2: cell.rs:2 names `crate::label::Label`, which label.rs defines"]
    );
}

#[test]
fn arrows_down_and_from_the_root_are_fine() {
    let found = violations([
        ("lib.rs", "mod cell; mod label; pub use label::Label; pub fn f(_: cell::Cell) {}"),
        ("cell.rs", "pub struct Cell;"),
        ("label.rs", "use crate::cell::Cell; pub struct Label(Cell);"),
    ]);
    assert_eq!(found, []);
}

#[test]
fn nothing_names_the_root() {
    let found =
        violations([("lib.rs", "mod cell; pub struct Root;"), ("cell.rs", "fn f(_: crate::Root) {}")]);
    assert!(matches!(&found[..], [LayerViolation::PointsUp { layers: (1, 3), .. }]), "{found:?}");
}

#[test]
fn rooms_of_one_layer_may_not_form_a_circle() {
    let found = violations([
        ("lib.rs", "mod label; mod exemplar;"),
        ("label/mod.rs", "mod set; pub use set::Set; pub struct Label(crate::exemplar::Exemplar);"),
        ("label/set.rs", "pub struct Set;"),
        ("exemplar.rs", "pub struct Exemplar; fn f(_: crate::label::Set) {}"),
    ]);
    let [LayerViolation::CircleOfRooms(way)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(way.iter().map(|arrow| &arrow.to[..]).collect::<Vec<_>>(), ["label/set.rs", "exemplar.rs"]);
}

#[test]
fn a_room_without_a_layer_is_found() {
    let found = violations([("lib.rs", "mod attic;"), ("attic.rs", "")]);
    assert_eq!(found, [LayerViolation::NoLayer("attic.rs".to_owned())]);
}

#[test]
fn a_circle_is_the_shortest_way_back() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use crate::b::B; pub struct A(B);"),
        ("b.rs", "use crate::{a::A, c::C}; pub struct B(A, C);"),
        ("c.rs", "use crate::a::A; pub struct C(A);"),
        ("d.rs", "use crate::a::A; pub struct D(A);"),
    ];
    let tree = CrateTree::load(&Sources::from(files), "lib.rs").unwrap();
    let found: Vec<Vec<_>> = circles(&arrows(&tree))
        .iter()
        .map(|circle| circle.arrows.iter().map(|arrow| arrow.from.clone()).collect())
        .collect();
    assert_eq!(found, [vec!["a.rs", "b.rs"], vec!["c.rs", "a.rs", "b.rs"]]);
}

#[test]
fn a_reexport_leads_to_the_file_that_defines() {
    assert_eq!(
        arrows_of([
            ("lib.rs", "mod label; mod user; pub use label::Capped;"),
            ("label/mod.rs", "mod capped; pub use self::capped::{Capped, LIMIT as MAX};"),
            ("label/capped.rs", "pub struct Capped; pub const LIMIT: u8 = 1;"),
            ("user.rs", "use crate::label;\nuse crate::Capped;\nconst M: u8 = label::MAX; struct U(Capped);"),
        ]),
        ["user.rs:2 label/capped.rs"]
    );
}

#[test]
fn code_in_a_folder_file_and_its_child_are_a_circle() {
    assert_eq!(
        arrows_of([
            ("lib.rs", "mod label;"),
            (
                "label/mod.rs",
                "mod capped;\npub use capped::Capped;\npub trait Value {} impl Value for Capped {}"
            ),
            ("label/capped.rs", "use super::Value; pub struct Capped; fn f<T: Value>() {}"),
        ]),
        ["label/capped.rs:1 label/mod.rs", "label/mod.rs:2 label/capped.rs"]
    );
}

#[test]
fn a_reexport_of_another_folder_is_an_arrow() {
    assert_eq!(
        arrows_of([
            ("lib.rs", "mod label; mod cell;"),
            ("cell.rs", "pub(crate) use crate::label::Label;"),
            ("label.rs", "pub struct Label;"),
        ]),
        ["cell.rs:1 label.rs"]
    );
}

#[test]
fn inline_paths_count_wherever_they_stand() {
    let a = "fn a() { let _ = crate::b::c::C; }\nmod inner { type E = super::super::b::e::E; }\n\
             x!(y, [crate::b::f::F]);";
    assert_eq!(
        arrows_of([
            ("lib.rs", "mod a; mod b { pub mod c; pub mod d; pub mod e; pub mod f; }"),
            ("a.rs", a),
            ("b/c.rs", "pub struct C;\nfn c() { super::d::d::<u8>() }"),
            ("b/d.rs", "pub fn d<T>() {}"),
            ("b/e.rs", "pub type E = u8;"),
            ("b/f.rs", "pub const F: u8 = 0;"),
        ]),
        ["a.rs:1 b/c.rs", "a.rs:2 b/e.rs", "a.rs:3 b/f.rs", "b/c.rs:2 b/d.rs"]
    );
}

#[test]
fn globs_count_by_the_names_in_use() {
    assert_eq!(
        arrows_of([
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::*;\nfn f(_: Used, _: Again) {}"),
            ("b.rs", "pub struct Used; pub struct Unused; pub use crate::c::Again;"),
            ("c.rs", "pub struct Again;"),
        ]),
        ["a.rs:1 b.rs", "a.rs:1 c.rs", "b.rs:1 c.rs"]
    );
}

#[test]
fn modules_and_items_for_tests_are_left_out() {
    let a = "#[cfg(test)] mod tests { use crate::b::B; }\n#[cfg(all(test, loom))] mod models;\n\
             #[cfg(test)] use crate::b::B;\nimpl A { #[cfg(test)] fn f(_: crate::b::B) {} }\n\
             #[cfg(not(test))] use crate::b::C;";
    assert_eq!(
        arrows_of([("lib.rs", "mod a; mod b;"), ("a.rs", a), ("b.rs", "pub struct B; pub struct C;")]),
        ["a.rs:5 b.rs"]
    );
}

#[test]
fn other_crates_and_templates_are_left_out() {
    let a = "use std::b::B; use ::b::C; use prometheus::b;\n\
             fn f() { quote! { crate::b::B }; ok(quote!(crate::b::B)); b::B }\n\
             #[macro_export] macro_rules! m { () => { $crate::b::B } }";
    assert_eq!(arrows_of([("lib.rs", "mod a; mod b;"), ("a.rs", a), ("b.rs", "pub struct B;")]), [""; 0]);
}

#[test]
fn a_module_and_a_function_may_have_one_name() {
    assert_eq!(
        arrows_of([
            ("lib.rs", "mod count; mod user; pub use count::count;"),
            ("count.rs", "pub fn count() {} pub struct Count;"),
            ("user.rs", "use crate::count::{self, Count};\nfn f() { crate::count(); count::count(); }"),
        ]),
        ["user.rs:1 count.rs"]
    );
}

#[test]
fn names_that_import_each_other_end() {
    assert_eq!(
        arrows_of([
            ("lib.rs", "mod a; mod b; use a::*; use b::*;"),
            ("a.rs", "pub use crate::b::*; pub use x::y; use y::x; fn f() { Unknown; }"),
            ("b.rs", "pub use crate::a::*; pub use super::*; fn g() { x::y; Unknown; }"),
        ]),
        [""; 0]
    );
}

#[test]
fn files_of_modules_are_followed_within_the_crate_alone() {
    let found = arrows_of([
        ("lib.rs", "#[path = \"odd/name.rs\"] mod a; mod b;"),
        ("odd/name.rs", "pub struct A;"),
        ("b.rs", "use crate::a::A;"),
    ]);
    assert_eq!(found, ["b.rs:1 odd/name.rs"]);
    let outside = Sources::from([("lib.rs", "\n#[path = \"../../other/src/a.rs\"] mod a;")]);
    let error = CrateTree::load(&outside, "lib.rs").unwrap_err().to_string();
    assert!(error.starts_with("lib.rs:2: `../../other/src/a.rs` is outside of the crate's `src`"), "{error}");
    let missing = CrateTree::load(&Sources::from([("lib.rs", "mod a;")]), "lib.rs").unwrap_err();
    assert_eq!(missing.to_string(), "a.rs:1: no such file");
}

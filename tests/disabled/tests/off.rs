//! Attributes without effect, metrics that count nothing, pages without lines.

use std::{
    path::PathBuf,
    pin::pin,
    process::Command,
    task::{Context, Poll, Waker},
    time::Duration,
};

use metrics_core::{
    __private::GroupField, Counter, Definition, Family, Gauge, GaugeFn, Histogram, Registry, Summary,
};
use tests_disabled::{Game, Games, MINE, Outcome, Parser, Store, moves, read};

#[test]
fn metrics_count_nothing() {
    fn register<F: GroupField>(name: &str) -> F {
        Registry::global().register(&Definition::new(name, "A metric.")).expect("a legal definition")
    }
    let (number, float) = (register::<Counter>("a_total"), register::<Counter<f64>>("b_total"));
    number.inc_with([("trace_id", "1")]);
    float.inc_by(0.5);
    assert_eq!((number.get(), float.get()), (0, 0.0));

    let (level, fraction) = (register::<Gauge>("c"), register::<Gauge<f64>>("d"));
    level.add(3);
    let guard = level.track();
    fraction.set_to_current_time();
    assert_eq!((level.get(), fraction.get()), (0, 0.0));
    drop(guard);

    let (histogram, summary) = (register::<Histogram>("e_seconds"), register::<Summary>("f_seconds"));
    histogram.start_timer().observe_duration();
    assert_eq!(summary.observe_closure(|| 7), 7);
    summary.observe(0.5);
    assert_eq!((histogram.count(), summary.count(), summary.quantiles().len()), (0, 0, 0));

    let read = register::<GaugeFn>("g");
    read.read_from(|| 7);
    assert_eq!(read.get(), 0);

    let family: Family<Game, Histogram> = register("h_seconds");
    let handle = family.with(Game { outcome: Outcome::Lost, region: "us".into() });
    handle.observe_with(0.5, [("trace_id", "1")]);
    assert_eq!((handle.snapshot().count, family.series().len()), (0, 0));
    assert_eq!(Registry::global().text(), "");
}

#[test]
fn pages_are_empty() {
    assert_eq!(read("7"), Ok(8));
    assert!(read("x").is_err());
    let mut parsed = pin!(Parser.parse("5"));
    assert_eq!(parsed.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Some(5)));
    Parser.skipped();
    assert_eq!(moves("text".to_owned()), Ok("text".to_owned()));
    let mut store = Store::small();
    assert!(pin!(store.get()).poll(&mut Context::from_waker(Waker::noop())).is_ready());

    let games = Games::global();
    let game = || Game { outcome: Outcome::Won, region: "eu".into() };
    games.games_total.with(game()).inc();
    assert_eq!(games.games_total.with(game()).get(), 0);
    assert!(!games.games_total.remove(game()));
    games.spent_total.inc_by(2.5);
    games.players.set(5);
    games.players.dec();
    games.duration_seconds.observe_duration(Duration::from_secs(1));
    assert_eq!((games.players.get(), games.duration_seconds.count()), (0, 0));

    let registry = Registry::new();
    let counter: Counter = registry.register(&Definition::new("c_total", "C.")).expect("a counter");
    counter.inc();
    assert!(registry.register::<Counter>(&Definition::new("not legal", "C.")).is_err());
    for registry in [&registry, Registry::global(), &MINE] {
        assert_eq!(registry.text(), "");
    }
}

/// Compiles the library once more, optimised, to text, and compares the two functions in it.
#[test]
fn machine_code_is_the_same() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("twins");
    let status = Command::new(env!("CARGO"))
        .args([
            "rustc",
            "--quiet",
            "--lib",
            "--manifest-path",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        ])
        .arg("--target-dir")
        .arg(&folder)
        .args(["--", "--emit=asm", "-Copt-level=3", "-Cdebuginfo=0", "-Ccodegen-units=1"])
        .args(["-Cdebug-assertions=off", "-Coverflow-checks=off"])
        .status()
        .expect("the cargo that runs this test");
    assert!(status.success(), "the library does not compile");
    let files = std::fs::read_dir(folder.join("debug/deps")).expect("the compiled files");
    let paths = files.map(|file| file.expect("a file").path());
    let assembly = paths
        .filter(|path| path.extension().is_some_and(|end| end == "s"))
        .max_by_key(|path| path.metadata().and_then(|data| data.modified()).expect("a time"))
        .expect("the assembly");
    let text = std::fs::read_to_string(assembly).expect("text");
    // The optimiser makes one of two functions that are equal, and says so.
    let merged =
        |line: &str| ["twin_plain = twin_annotated", "twin_annotated = twin_plain"].contains(&line.trim());
    if text.lines().any(merged) {
        return;
    }
    let (annotated, plain) = (function(&text, "twin_annotated"), function(&text, "twin_plain"));
    assert!(plain.len() > 4, "{plain:?}");
    assert_eq!(annotated, plain);
}

/// The instructions of a function, without the numbers of its labels.
fn function(text: &str, name: &str) -> Vec<String> {
    let start = format!("{name}:");
    let lines = text.lines().skip_while(|line| line.trim() != start).skip(1);
    let lines = lines.take_while(|line| !line.contains(".cfi_endproc"));
    lines.map(without_label_numbers).collect()
}

/// `.LBB3_1` without its numbers; on other systems labels begin with an `L` as well.
fn without_label_numbers(line: &str) -> String {
    if line.contains("LBB") || line.contains("Lfunc") {
        line.chars().filter(|letter| !letter.is_ascii_digit()).collect()
    } else {
        line.to_owned()
    }
}

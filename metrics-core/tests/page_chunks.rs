//! Pages in chunks.

use std::{ops::ControlFlow, sync::mpsc, thread};

use metrics_core::{
    Capped, Counter, Definition, Family, Format, Gauge, Histogram, LabelSet, Page, Registry, Scrape, Summary,
};

#[derive(Clone, LabelSet)]
struct Of {
    number: Capped<5000>,
}

const FORMATS: [Format; 4] = [Format::Text, Format::OpenMetrics, Format::Protobuf, Format::Json];

/// Metrics of a registry, kept alive by this value.
struct Metrics {
    counters: Family<Of, Counter>,
    _histograms: Family<Of, Histogram>,
    gauge: Gauge,
}

/// Registers families of several types, two of them with many series.
fn registry(series: usize) -> (Registry, Metrics) {
    let registry = Registry::new();
    let counters = registry.register(&Definition::new("jobs_total", "Jobs \\ \"all\".")).expect("a new name");
    let histograms = registry.register(&Definition::new("wait_seconds", "Waiting.")).expect("a new name");
    let gauge = registry.register(&Definition::new("zeta", "Letters ζ.")).expect("a new name");
    for number in 0..series {
        let number = || Of { number: format!("ä \"{number}\",").into() };
        Family::<Of, Counter>::with(&counters, number()).inc();
        Family::<Of, Histogram>::with(&histograms, number()).observe(0.2);
    }
    (registry, Metrics { counters, _histograms: histograms, gauge })
}

fn page(registry: &Registry, scrape: &Scrape) -> Vec<u8> {
    let mut page = Page::default();
    registry.scrape(scrape, &mut page);
    page.as_ref().to_vec()
}

/// Returns all chunks of a page.
fn chunks(registry: &Registry, scrape: &Scrape, size: usize) -> Vec<Vec<u8>> {
    let mut chunks = Vec::new();
    let mut ends = 0;
    let end = registry.chunks(scrape.clone()).send(size, |chunk| {
        assert_eq!(ends, 0, "nothing comes after the last chunk");
        ends += usize::from(chunk.is_last);
        chunks.push(chunk.bytes);
        ControlFlow::Continue(())
    });
    assert!(end.is_continue());
    assert_eq!(ends, 1);
    chunks
}

#[test]
fn any_chunk_size() {
    let (registry, _metrics) = registry(40);
    for format in FORMATS {
        let scrape = Scrape::new(format);
        let page = page(&registry, &scrape);
        for size in [0, 1, 2, 3, 100, 1000, page.len() / 2, page.len() + 1, usize::MAX] {
            let chunks = chunks(&registry, &scrape, size);
            assert!(chunks.concat() == page, "{format:?} in chunks of {size}");
            assert_eq!(chunks.len() == 1, size > page.len(), "{format:?} in chunks of {size}");
        }
    }
}

#[test]
fn restricted_and_empty_pages() {
    let (registry, _metrics) = registry(3);
    for format in FORMATS {
        for scrape in [Scrape::new(format).name("zeta"), Scrape::new(format).name("nothing")] {
            assert_eq!(chunks(&registry, &scrape, 1).concat(), page(&registry, &scrape), "{format:?}");
            assert_eq!(chunks(&Registry::new(), &scrape, 1).concat(), page(&Registry::new(), &scrape));
        }
    }
}

#[test]
fn chunk_size_is_bounded() {
    const SIZE: usize = 1000;
    // The longest series is that of a histogram.
    const SERIES: usize = 2000;
    let (registry, _metrics) = registry(4000);
    for format in [Format::Text, Format::OpenMetrics, Format::Json] {
        let chunks = chunks(&registry, &Scrape::new(format), SIZE);
        assert!(chunks.len() > 1000, "{format:?}: {}", chunks.len());
        let (last, others) = chunks.split_last().expect("a page has chunks");
        assert!(last.len() < SIZE + SERIES);
        for chunk in others {
            assert!((SIZE - 1..SIZE + SERIES).contains(&chunk.len()), "{format:?}: {}", chunk.len());
        }
    }
}

#[test]
fn stopped_page_is_not_made() {
    let (registry, _metrics) = registry(1000);
    for format in FORMATS {
        let whole = chunks(&registry, &Scrape::new(format), 10).len();
        for wanted in 1..whole.min(5) {
            let mut given = 0;
            let end = registry.chunks(Scrape::new(format)).send(10, |_| {
                given += 1;
                if given == wanted { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            assert!(end.is_break());
            assert_eq!(given, wanted, "{format:?}");
        }
    }
}

#[test]
fn aborted_page_loses_nothing() {
    let registry = Registry::new();
    let waits: Family<Of, Summary> = registry
        // The first family of the page.
        .register(&Definition::new("a_wait_seconds", "Waiting.").quantiles(&[0.5]))
        .expect("a new name");
    let numbers = ["1", "2", "3"];
    for number in numbers {
        waits.with(Of { number: number.into() }).observe(4.0);
    }
    let end = registry.chunks(Scrape::new(Format::Text)).send(1, |_| ControlFlow::Break(()));
    assert!(end.is_break());
    for number in numbers {
        let (_, median) = waits.with(Of { number: number.into() }).quantiles()[0];
        assert!((median - 4.0).abs() < 0.1, "{number}: {median}");
    }
}

#[test]
fn counting_during_a_slow_scrape() {
    let (registry, metrics) = registry(100);
    let (sender, chunks) = mpsc::sync_channel(0);
    let scraped = registry.clone();
    let maker = thread::spawn(move || {
        scraped
            .chunks(Scrape::new(Format::Text))
            .send(500, |chunk| sender.send(chunk).map_or(ControlFlow::Break(()), ControlFlow::Continue))
    });
    let mut page = chunks.recv().expect("the first chunk").bytes;
    // While the scraper waits in the middle of a family, other threads count, add and remove series, register and scrape.
    metrics.counters.with(Of { number: "late".into() }).inc();
    assert!(metrics.counters.remove(Of { number: "late".into() }));
    metrics.gauge.set(5);
    let later: Counter = registry.register(&Definition::new("later_total", "Later.")).expect("a new name");
    later.inc();
    assert!(registry.text().ends_with("zeta 5\n"));
    page.extend(chunks.iter().flat_map(|chunk| chunk.bytes));
    assert!(maker.join().expect("the page was made").is_continue());
    let page = String::from_utf8(page).expect("text");
    assert!(page.ends_with("zeta 5\n"), "{page}");
    assert!(!page.contains("later"));
}

#[cfg(any(feature = "gzip", feature = "zstd"))]
#[test]
fn compression() {
    use std::io::Read as _;

    let (registry, _metrics) = registry(4000);
    for coding in [
        #[cfg(feature = "gzip")]
        "gzip",
        #[cfg(feature = "zstd")]
        "zstd",
    ] {
        let scrape = Scrape::negotiate(["*/*"], [coding]);
        let end = registry.chunks(scrape.clone()).send(1000, |chunk| {
            assert_eq!(chunk.content_encoding, Some(coding));
            ControlFlow::Continue(())
        });
        assert!(end.is_continue());
        for size in [1, 1000, usize::MAX] {
            let chunks = chunks(&registry, &scrape, size);
            assert_eq!(chunks.len() > 1, size < 5000, "{coding}");
            let mut text = String::new();
            match coding {
                #[cfg(feature = "gzip")]
                "gzip" => {
                    flate2::read::GzDecoder::new(&*chunks.concat()).read_to_string(&mut text).expect("gzip")
                }
                #[cfg(feature = "zstd")]
                "zstd" => {
                    text = String::from_utf8(zstd::stream::decode_all(&*chunks.concat()).expect("zstd"))
                        .expect("text");
                    text.len()
                }
                _ => unreachable!("there are no others"),
            };
            assert!(text == registry.text(), "{coding} in chunks of {size}");
        }
    }
}

#[test]
fn scrape_limit() {
    let registry = Registry::global();
    let errors = |cause: &str| {
        let start = format!("metrics_scrape_errors_total{{cause=\"{cause}\"}} ");
        let page = registry.text();
        page.lines()
            .find_map(|line| line.strip_prefix(&start)?.parse::<u64>().ok())
            .expect("it is there at zero")
    };
    assert_eq!((errors("busy"), errors("timeout"), errors("abandoned")), (0, 0, 0));
    let mut permits: Vec<_> = (0..3).map_while(|_| registry.begin_scrape(3)).collect();
    assert_eq!(permits.len(), 3);
    assert!(registry.clone().begin_scrape(3).is_none());
    assert!(registry.begin_scrape(4).is_some(), "another route has another limit");
    assert!(Registry::new().begin_scrape(1).is_some(), "another registry has its own scrapes");
    for permit in &permits[..2] {
        permit.timed_out();
        permit.abandoned();
    }
    permits[2].finished();
    permits[2].abandoned();
    permits.clear();
    permits.extend((0..3).map_while(|_| registry.begin_scrape(3)));
    assert_eq!(permits.len(), 3);
    permits[0].abandoned();
    assert_eq!((errors("busy"), errors("timeout"), errors("abandoned")), (1, 2, 1));
}

//! The tree beside actix's own answers.

use std::{
    cell::{Cell, OnceCell},
    rc::Rc,
};

use actix_web::{
    App, HttpResponse, Resource,
    dev::{ResourceDef, ResourceMap, Service},
    guard::{Guard, fn_guard},
    rt::System,
    test::{TestRequest, call_service, init_service},
    web::{self, ServiceConfig},
};

use super::*;
use crate::listing::list;

/// How often a tree has answered by itself, and how often it was sure.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    requests: usize,
    answered: usize,
    sure: usize,
}

/// Routes requests through a service of actix, and compares what it does with what the tree has said before.
fn compare(configure: impl FnOnce(&mut ServiceConfig), requests: &[(String, u32)]) -> Tally {
    let tally = Rc::new(Cell::new(Tally::default()));
    let counted = Rc::clone(&tally);
    let paths = Rc::new(OnceCell::new());
    let app = App::new().configure(configure).wrap_fn(move |request, service| {
        let map = request.resource_map();
        let paths: &Paths = paths.get_or_init(|| Paths::new(&list(map).expect("the map is understood")));
        let (answer, sure) = found(paths, request.path());
        let own = match answer {
            Answer::Pattern(number) => paths.pattern(number).map(|pattern| pattern.text.clone()),
            Answer::Nothing => None,
            Answer::Ask => request.match_pattern(),
        };
        assert_eq!(own, request.match_pattern(), "{} in {map:?}", request.path());
        let (response, counted) = (service.call(request), Rc::clone(&counted));
        async move {
            let response = response.await?;
            let (request, routed) = (response.request(), response.request().match_info());
            let is_sure = match sure {
                Sure::Alone => true,
                Sure::Variables(count) => usize::from(count) == routed.segment_count(),
                Sure::No => false,
            };
            let is_matched = routed.unprocessed().is_empty() && routed.as_str() == request.path();
            if is_sure && is_matched {
                assert_eq!(
                    own,
                    request.match_pattern(),
                    "{} in {:?}",
                    request.path(),
                    request.resource_map()
                );
            }
            let mut tally = counted.get();
            tally.requests += 1;
            tally.answered += usize::from(answer != Answer::Ask);
            tally.sure += usize::from(is_sure);
            counted.set(tally);
            Ok(response)
        }
    });
    System::new().block_on(async {
        let app = init_service(app).await;
        for (path, open) in requests {
            let request = TestRequest::with_uri(path).insert_header(("x-open", open.to_string()));
            call_service(&app, request.to_request()).await;
        }
    });
    tally.get()
}

fn found(paths: &Paths, path: &str) -> (Answer, Sure) {
    let found = paths.find(path);
    (found.answer, found.sure)
}

/// Numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn one_of(&mut self, texts: &[&str]) -> String {
        texts[self.below(texts.len())].into()
    }

    /// A guard that one of 32 bits of a header opens, or none.
    fn guard(&mut self) -> Box<dyn Guard> {
        let bit = self.below(32);
        let guarded = self.below(3) > 0;
        Box::new(fn_guard(move |context| {
            let open = context.head().headers().get("x-open").and_then(|open| open.to_str().ok());
            let open: u32 = open.and_then(|open| open.parse().ok()).unwrap_or_default();
            !guarded || open >> bit & 1 == 1
        }))
    }

    fn resource(&mut self, parts: &[&str]) -> Resource {
        let patterns: Vec<_> = (0..=self.below(5) / 4).map(|_| self.one_of(parts)).collect();
        let guard = self.guard();
        let resource = match &patterns[..] {
            [pattern] => web::resource(pattern.as_str()),
            _ => web::resource(patterns),
        };
        resource.guard(fn_guard(move |context| guard.check(context))).to(HttpResponse::Ok)
    }

    fn scope(&mut self, parts: &[&str], depth: usize) -> actix_web::Scope {
        let guard = self.guard();
        let scope = web::scope(&self.one_of(&[
            "",
            "/",
            "/a",
            "/a/",
            "/bb",
            "/{s}",
            r"/{s:\d+}",
            "/v{s}",
            "/a/{s}",
            "/{s:.+}",
        ]));
        let mut scope = scope.guard(fn_guard(move |context| guard.check(context)));
        for _ in 0..self.below(4) {
            scope = scope.service(self.resource(parts));
        }
        if depth > 0 && self.below(2) == 0 { scope.service(self.scope(parts, depth - 1)) } else { scope }
    }

    fn path(&mut self, segments: &[&str]) -> String {
        (0..=self.below(4)).fold(String::new(), |path, _| path + "/" + &self.one_of(segments))
    }
}

const COMMON: [&str; 11] =
    ["", "/", "/a", "/bb", "/a/bb", "/{x}", "/{y}", "/{x}/a", "/a/{x}/{y}", "/a/{t}*", "/bb/"];

const ALL: [&str; 20] = [
    "",
    "/",
    "/a",
    "/bb",
    "/a/bb",
    "/{x}",
    "/{y}",
    "/{x}/a",
    "/{x}/{y}",
    "/a/{t}*",
    r"/{n:\d+}",
    "/v{n}",
    "/{x}-{y}",
    "/{t:.*}",
    "/{z:[^a]+}",
    "/{z:.+}/a",
    "/a{t}*",
    "/{w:[a-z]+}",
    "/{w:a|bb}/{x}",
    "/a*",
];

const SEGMENTS: [&str; 10] = ["", "a", "bb", "7", "12", "v7", "a-b", "x", "a.b", "%61"];

/// Texts about as long as the words in which paths are read, many of which begin alike.
const LONG: [&str; 20] = [
    "/abcdef",
    "/abcdefg",
    "/abcdefgh",
    "/abcdefghi",
    "/abcdefghj",
    "/abcdefghijklmno",
    "/abcdefghijklmnop",
    "/abcdefghijklmnoq",
    "/abcdefghijklmnopqrstuvw",
    "/abcdefghijklmnopqrstuvwx",
    "/abcdefghijklmnopqrstuvwy",
    "/abcdefghijklmnopqrstuvwxyz0123456789",
    "/bcdefghi/{x}",
    "/{x}/abcdefgh",
    "/{x}/abcdefghijklmnopqr",
    "/{x}/{y}",
    "/abcdefghi/{t}*",
    "/abcdefghijklmnopq/{x}/a",
    "/a",
    "/",
];

const LONG_SEGMENTS: [&str; 22] = [
    "",
    "a",
    "abcde",
    "abcdef",
    "abcdefg",
    "abcdefx",
    "abcdefgh",
    "abcdefghi",
    "abcdefghj",
    "abcdefghx",
    "abcdefghijklmno",
    "abcdefghijklmnop",
    "abcdefghijklmnoq",
    "abcdefghijklmnox",
    "abcdefghijklmnopq",
    "abcdefghijklmnopqrstuvw",
    "abcdefghijklmnopqrstuvwx",
    "abcdefghijklmnopqrstuvwy",
    "abcdefghijklmnopqrstuvwz",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "abcdefghijklmnopqrstuvwxyz0123456780",
    "bcdefghi",
];

fn tally(parts: &[&str], segments: &[&str], seeds: u64) -> Tally {
    let mut total = Tally::default();
    for seed in 0..seeds {
        let mut numbers = Numbers(seed);
        let requests: Vec<_> = (0..60)
            .map(|_| (numbers.path(segments), u32::try_from(numbers.below(1 << 31)).expect("31 bits")))
            .collect();
        let one = compare(
            |config| {
                for _ in 0..=numbers.below(7) {
                    if numbers.below(3) == 0 {
                        config.service(numbers.scope(parts, 2));
                    } else {
                        config.service(numbers.resource(parts));
                    }
                }
            },
            &requests,
        );
        total.requests += one.requests;
        total.answered += one.answered;
        total.sure += one.sure;
    }
    total
}

#[test]
fn the_tree_answers_as_actix_does() {
    let total = tally(&ALL, &SEGMENTS, 150);
    assert_eq!(total.requests, 9000);
    assert!(total.answered * 10 > total.requests * 4 && total.sure * 10 > total.requests * 3, "{total:?}");
}

#[test]
fn common_patterns_are_not_asked_about() {
    let total = tally(&COMMON, &SEGMENTS, 150);
    assert!(total.answered * 10 > total.requests * 8 && total.sure * 10 > total.requests * 7, "{total:?}");
}

#[test]
fn texts_of_any_length_are_told_apart() {
    let total = tally(&LONG, &LONG_SEGMENTS, 300);
    assert_eq!(total.requests, 18000);
    assert!(total.answered * 10 > total.requests * 8 && total.sure * 10 > total.requests * 8, "{total:?}");
}

#[test]
fn each_of_many_texts_is_found() {
    let names: Vec<_> = (0..1000)
        .map(|n| format!("/{}", "0123456789".repeat(3).split_at(n % 29).1) + &n.to_string())
        .collect();
    let resources = names.iter().map(|name| ResourceDef::new(name.as_str()));
    let paths = paths(&mut resources.collect::<Vec<_>>());
    for name in &names {
        let Answer::Pattern(number) = found(&paths, name).0 else { panic!("{name} is not found") };
        assert_eq!(paths.pattern(number).map(|pattern| &pattern.text), Some(name));
        for other in [format!("{name}/"), format!("{name}x"), format!("/x{}", &name[1..])] {
            assert_eq!(found(&paths, &other), (Answer::Nothing, Sure::Alone), "{other}");
        }
    }
}

#[test]
fn no_other_segment_is_taken_for_a_text_that_it_looks_like() {
    // The factor that undoes the mixing: each step doubles the bits that are right.
    let undo = (0..6).fold(1_u64, |undo, _| undo.wrapping_mul(2_u64.wrapping_sub(MIX.wrapping_mul(undo))));
    let (short, long) = (0..10_000_000)
        .map(|number| {
            let end = format!("{number:07}");
            let word = end_of(end.as_bytes()) >> 8;
            (end, word.wrapping_mul(undo).to_le_bytes())
        })
        .find(|(_, bytes)| bytes.iter().all(u8::is_ascii_alphanumeric))
        .expect("one of 100,000 is such");
    let (short, long) = (format!("/abcdefgh{short}"), format!("/abcdefgh{}", String::from_utf8_lossy(&long)));
    assert_eq!(
        rest(&short.as_bytes()[1..], end_of(short.as_bytes())).0,
        rest(&long.as_bytes()[1..], end_of(long.as_bytes())).0
    );
    let paths = paths(&mut [ResourceDef::new(short.as_str())]);
    assert_eq!(found(&paths, &short), (Answer::Pattern(0), Sure::Alone));
    assert_eq!(found(&paths, &long), (Answer::Nothing, Sure::Alone));
}

/// More expressions at one place than are told apart, and more patterns that overlap.
#[test]
fn what_is_too_much_to_work_out_is_asked() {
    let expressions = [r"\d+", "[a-z]+", "[a-f0-9]+", "v[0-9]", r"[\w.]+", "[a-z]+-[0-9]+", "x|y"];
    let configure = |config: &mut ServiceConfig| {
        for expression in expressions {
            config.route(&format!("/{{x:{expression}}}/{}", expression.len()), web::to(HttpResponse::Ok));
        }
        config.route("/known", web::to(HttpResponse::Ok));
    };
    let segments = ["7", "abc", "a7", "v7", "a.b", "a-7", "x", "known", "2", "3", "6", "9"];
    let mut numbers = Numbers(0);
    let requests: Vec<_> = (0..300).map(|_| (numbers.path(&segments), 0)).collect();
    let total = compare(configure, &requests);
    assert!(total.answered > 10 && total.answered < 100, "{total:?}");

    let many = 200;
    let texts = (0..many).map(|n| format!("/a{n}"));
    let each = texts.flat_map(|text| [format!("{text}/own/{{x}}"), format!("/{{any}}{text}/{{x}}/x")]);
    let patterns: Vec<_> = each.collect();
    let configure = |config: &mut ServiceConfig| {
        for pattern in &patterns {
            config.route(pattern, web::to(HttpResponse::Ok));
        }
    };
    let segments = ["a0", "a150", "a199", "x", "own"];
    let requests: Vec<_> = (0..300).map(|_| (numbers.path(&segments), 0)).collect();
    let total = compare(configure, &requests);
    assert!(total.answered > 100 && total.answered < 300, "{total:?}");
    let mut definitions: Vec<_> = patterns.iter().map(|pattern| ResourceDef::new(pattern.as_str())).collect();
    let paths = paths(&mut definitions);
    assert!(paths.states.len() < 1 << 15, "{} states", paths.states.len());
}

fn paths(definitions: &mut [ResourceDef]) -> Paths {
    let mut map = ResourceMap::new(ResourceDef::root_prefix(""));
    for definition in definitions {
        map.add(definition, None);
    }
    Paths::new(&list(&map).expect("the map is understood"))
}

#[test]
fn a_service_may_take_all_below_its_pattern() {
    let paths = paths(&mut [ResourceDef::new("/static/list"), ResourceDef::prefix("/static")]);
    let pattern = |path: &str| match found(&paths, path) {
        (Answer::Pattern(number), _) => paths.pattern(number).map(|pattern| pattern.text.as_str()),
        _ => None,
    };
    for path in ["/static", "/static/", "/static/a/b.js", "/static/list/x"] {
        assert_eq!(pattern(path), Some("/static"), "{path}");
    }
    assert_eq!(pattern("/static/list"), Some("/static/list"));
    for path in ["/statics", "/", "/stat", "/a/static"] {
        assert_eq!(found(&paths, path), (Answer::Nothing, Sure::Alone), "{path}");
    }
}

#[test]
fn patterns_that_fit_the_same_path_are_told_apart_by_their_variables_or_not() {
    let paths = paths(&mut [
        ResourceDef::new("/users/me"),
        ResourceDef::new("/users/{id}"),
        ResourceDef::new("/plans/{plan}"),
        ResourceDef::new("/plans/{any}"),
        ResourceDef::new("/plans/{any}"),
    ]);
    assert_eq!(found(&paths, "/users/me"), (Answer::Pattern(0), Sure::Variables(0)));
    assert_eq!(found(&paths, "/users/7"), (Answer::Pattern(1), Sure::Alone));
    assert_eq!(found(&paths, "/plans/7"), (Answer::Pattern(2), Sure::No));
    assert_eq!(paths.patterns.len(), 4);
    assert_eq!(found(&Paths::unknown(), "/users/me"), (Answer::Ask, Sure::No));
    assert_eq!(found(&paths, "*"), (Answer::Ask, Sure::No));
}

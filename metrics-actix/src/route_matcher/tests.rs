use actix_web::dev::ResourceDef;

use super::*;

const NO_TRAITS: PatternTraits = PatternTraits { is_prefix: false, is_own: false };

/// Returns a worker's copy of these patterns.
fn matcher_of(patterns: &[(&str, PatternTraits)]) -> WorkerMatcher {
    let shared = RouteMatcher::new();
    for (text, traits) in patterns {
        shared.learn(text, *traits);
    }
    shared.newer_than(&WorkerMatcher::empty(), Instant::now()).expect("the first copy is made at once")
}

fn plain(patterns: &[&str]) -> WorkerMatcher {
    matcher_of(&patterns.iter().map(|text| (*text, NO_TRAITS)).collect::<Vec<_>>())
}

#[test]
fn the_only_pattern_that_fits_or_the_literal_one_is_found() {
    let mut matcher = plain(&["/users/{id}", "/users/me", "/{kind}/{id}", "/files/{tail}*", "/é"]);
    for (path, expected) in [
        ("/orders/7", Some(2)),
        ("/users/me", Some(1)),
        // Two dynamic ones fit.
        ("/users/7", None),
        ("/files/a/b", Some(3)),
        ("/files/", Some(3)),
        ("/files/a", None),
        ("/é", Some(4)),
        ("/users", None),
        ("/users/", None),
        ("", None),
        ("*", None),
    ] {
        assert_eq!(matcher.find(path), expected, "{path}");
    }
    assert_eq!(WorkerMatcher::empty().find("/users/me"), None);
}

#[test]
fn a_prefix_fits_all_that_begins_with_it() {
    let prefix = PatternTraits { is_prefix: true, is_own: false };
    let mut matcher = matcher_of(&[("/static", prefix), ("/static/{name}", NO_TRAITS), ("/a b", prefix)]);
    for (path, expected) in [
        ("/static", Some(0)),
        ("/static/a/b", Some(0)),
        ("/static/a", None),
        ("/statics", None),
        ("/a b/c", Some(2)),
    ] {
        assert_eq!(matcher.find(path), expected, "{path}");
    }
    let mut root = plain(&["/{room}"]);
    assert_eq!(root.find("/a/b"), None);
    root = matcher_of(&[("", prefix)]);
    assert_eq!((root.find("/a/b"), root.find("")), (Some(0), Some(0)));
}

#[test]
fn what_a_text_does_not_tell_is_left_to_actix() {
    let mut matcher = plain(&[r"/n/{number:\d+}", "/star*", "/b/{a}*/b", "/plain", "/broken/{a"]);
    for (path, expected) in [
        ("/n/7", Some(0)),
        ("/n/x", None),
        // A digit with the feature `unicode` of actix-web, and none without it.
        ("/n/٣", None),
        ("/star", None),
        ("/plain", Some(3)),
        ("/broken/x", None),
    ] {
        assert_eq!(matcher.find(path), expected, "{path}");
    }
}

#[test]
fn an_expression_that_is_too_large_is_left_to_actix() {
    let mut matcher = plain(&[r"/large/{x:(\w{1000}){1000}}", "/small/{x}"]);
    assert_eq!(matcher.find("/large/x"), None);
    assert_eq!(matcher.find("/small/x"), Some(1));
}

#[test]
fn patterns_are_compiled_at_most_once_in_an_interval() {
    let shared = RouteMatcher::with_interval(Duration::from_secs(1));
    let start = Instant::now();
    let empty = WorkerMatcher::empty();
    assert!(shared.is_current(&empty) && shared.newer_than(&empty, start).is_none());
    shared.learn("/a", NO_TRAITS);
    assert!(!shared.is_current(&empty));
    let mut first = shared.newer_than(&empty, start).expect("the first copy is made at once");
    assert_eq!((first.find("/a"), shared.is_current(&first)), (Some(0), true));
    shared.learn("/a", NO_TRAITS);
    assert!(shared.is_current(&first), "nothing has changed");
    shared.learn("/b", NO_TRAITS);
    assert!(!shared.is_current(&first));
    assert!(shared.newer_than(&first, start + Duration::from_millis(999)).is_none());
    let mut second = shared.newer_than(&first, start + Duration::from_secs(1)).expect("it is time");
    assert_eq!((second.find("/b"), shared.is_current(&second)), (Some(1), true));
    let other_worker = shared.newer_than(&empty, start).expect("it is there already");
    assert!(shared.is_current(&other_worker));
    shared.distrust("/b");
    let mut third = shared.newer_than(&second, start + Duration::from_secs(2)).expect("it is time");
    assert_eq!((third.find("/a"), third.find("/b")), (Some(0), None));
    shared.distrust("/b");
    assert!(shared.is_current(&third), "nothing has changed");
}

#[test]
fn a_pattern_is_no_longer_own_once_another_route_has_it() {
    let shared = RouteMatcher::new();
    for (is_own, expected) in [(true, true), (false, false), (true, false)] {
        shared.learn("/status", PatternTraits { is_prefix: false, is_own });
        let copy = CompiledPatterns::new(0, shared.lock().patterns.clone());
        assert_eq!(copy.patterns[0].traits.is_own, expected);
    }
}

#[test]
fn patterns_past_the_limit_are_not_learned() {
    let shared = RouteMatcher::new();
    for number in 0..MAX_ENDPOINTS + 10 {
        shared.learn(&format!("/{number}/{{x}}"), NO_TRAITS);
    }
    let mut copy = shared.newer_than(&WorkerMatcher::empty(), Instant::now()).expect("a copy");
    assert_eq!(copy.patterns().len(), MAX_ENDPOINTS);
    assert_eq!(copy.find("/7/a"), Some(7));
    assert_eq!(copy.find(&format!("/{MAX_ENDPOINTS}/a")), None);
}

#[test]
fn expressions_are_left_out_of_patterns() {
    for (pattern, expected) in [
        (r"/a/{x:\d{2,3}}/b/{y}", "/a/{x}/b/{y}"),
        ("/{tail}*", "/{tail}*"),
        ("/plain", "/plain"),
        ("/broken/{x", "/broken/{x"),
    ] {
        assert_eq!(without_expressions(pattern), expected);
    }
}

/// Pseudorandom numbers, the same in each run: a linear congruential generator.
fn below(state: &mut u64, limit: usize) -> usize {
    *state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
    usize::try_from((*state >> 33) % limit as u64).expect("an index")
}

#[test]
fn patterns_fit_the_paths_that_they_fit_for_actix() {
    let parts = [
        "a",
        "b",
        "é",
        "a b",
        "{x}",
        "a{x}",
        "{x}b",
        r"{x:\d+}",
        "{x:.+}",
        "{x:a|b}",
        "{x:(?i)A}",
        "{x:[[:alpha:]]{2}}",
    ];
    let texts = ["a", "b", "é", "a b", "ab", "7", "77", "", "A", "a\nb"];
    let state = &mut 7;
    let (mut tried, mut fitting) = (0, 0);
    for _ in 0..1000 {
        let mut pattern = String::new();
        for part in 0..=below(state, 3) {
            pattern.push('/');
            // A name is given once in a pattern.
            pattern.push_str(&parts[below(state, parts.len())].replace('x', &format!("x{part}")));
        }
        if below(state, 5) == 0 {
            pattern.push_str("/{tail}*");
        }
        let is_prefix = below(state, 5) == 0 && !pattern.ends_with('*');
        let actix = if is_prefix {
            ResourceDef::prefix(pattern.as_str())
        } else {
            ResourceDef::new(pattern.as_str())
        };
        let traits = PatternTraits { is_prefix, is_own: false };
        let mut ours = matcher_of(&[(&pattern, traits)]);
        for _ in 0..30 {
            let mut path = String::new();
            for _ in 0..=below(state, 4) {
                path.push('/');
                path.push_str(texts[below(state, texts.len())]);
            }
            if !path.is_ascii() && pattern.contains(':') {
                assert_eq!(ours.find(&path), None);
                continue;
            }
            let fits = actix.is_match(&path);
            assert_eq!(ours.find(&path).is_some(), fits, "{pattern} {path:?}");
            tried += 1;
            fitting += usize::from(fits);
        }
    }
    assert!(tried > 20_000 && fitting > 1000, "{fitting} of {tried}");
}

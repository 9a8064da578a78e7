//! Which route a path leads to, before routing: what actix was asked about paths of the same form.
//!
//! actix answers this by trying pattern after pattern, which costs more than all the counting. So the patterns that it has
//! answered with are kept as a tree by path segment. The tree knows only what it has seen, and a pattern that it has not seen may
//! come before one that it has; so a pattern with variables is asked about again for the first requests that fit it, and
//! whenever routing has found another than the tree said.

/// How often a pattern with variables is asked about before the tree is believed.
const CONFIRMATIONS: u8 = 32;

/// The most nodes: more than the patterns of any service have segments.
const MOST_NODES: usize = 65_536;

/// Patterns by path segment.
#[derive(Debug)]
pub(crate) struct Paths {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    /// By their text, sorted.
    children: Vec<(Box<str>, usize)>,
    /// After a segment that is a variable.
    variable: Option<usize>,
    leaf: Option<Leaf>,
    /// A route that takes all that comes after.
    rest: Option<Leaf>,
}

#[derive(Clone, Copy, Debug)]
struct Leaf {
    route: u32,
    trust: Trust,
}

/// Whether the tree's answer is as good as actix's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// One path leads here, and actix was asked about it.
    Exact,
    /// It was right so often.
    Confirmed(u8),
    /// Routing has found another route since, where this one was confirmed.
    Doubted,
    /// Guards choose another route after this one was found by its path: it is right all the same.
    Guarded,
    /// Other routes have paths of the same form.
    Ambiguous,
}

/// A segment of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Segment<'a> {
    Text(&'a str),
    Variable,
    /// A variable that takes all that comes after.
    Rest,
}

/// The place of a leaf.
#[derive(Clone, Copy)]
struct Found {
    node: usize,
    rest: bool,
}

impl Paths {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node::default()] }
    }

    /// The route of a path, where the tree is sure of it.
    #[inline]
    pub(crate) fn route(&self, path: &str) -> Option<u32> {
        let leaf = self.leaf(self.find(0, path.strip_prefix('/')?)?)?;
        let sure = match leaf.trust {
            Trust::Exact | Trust::Guarded => true,
            Trust::Confirmed(times) => times == CONFIRMATIONS,
            Trust::Doubted | Trust::Ambiguous => false,
        };
        sure.then_some(leaf.route)
    }

    /// Takes note of what actix has answered for a path: a pattern and its route. Returns nothing where no pattern fits.
    pub(crate) fn learn(&mut self, path: &str, pattern: Option<&str>, route: u32) {
        if let Some(pattern) = pattern {
            self.insert(path, pattern, route);
        }
        let Some(found) = path.strip_prefix('/').and_then(|path| self.find(0, path)) else { return };
        let Some(leaf) = self.leaf_mut(found) else { return };
        leaf.trust = match leaf.trust {
            _ if leaf.route != route => Trust::Ambiguous,
            Trust::Confirmed(times) => Trust::Confirmed(CONFIRMATIONS.min(times + 1)),
            Trust::Doubted => Trust::Guarded,
            same => same,
        };
    }

    /// Routing has found another route for a path than the tree said.
    pub(crate) fn doubt(&mut self, path: &str) {
        let found = path.strip_prefix('/').and_then(|path| self.find(0, path));
        if let Some(leaf) = found.and_then(|found| self.leaf_mut(found))
            && let Trust::Confirmed(_) = leaf.trust
        {
            leaf.trust = Trust::Doubted;
        }
    }

    /// Looks for the leaf of what is left of a path: a text before a variable, and what takes the rest at last.
    fn find(&self, node: usize, path: &str) -> Option<Found> {
        let own = self.nodes.get(node)?;
        let (segment, left) = match path.split_once('/') {
            Some((segment, left)) => (segment, Some(left)),
            None => (path, None),
        };
        let go_on = |next: usize| {
            if let Some(left) = left {
                return self.find(next, left);
            }
            self.nodes.get(next)?.leaf.map(|_| Found { node: next, rest: false })
        };
        let child = own.children.binary_search_by(|(text, _)| (**text).cmp(segment)).ok();
        let by_text = child.and_then(|at| own.children.get(at)).and_then(|(_, next)| go_on(*next));
        by_text
            .or_else(|| own.variable.filter(|_| !segment.is_empty()).and_then(go_on))
            .or_else(|| own.rest.map(|_| Found { node, rest: true }))
    }

    fn leaf(&self, found: Found) -> Option<&Leaf> {
        let node = self.nodes.get(found.node)?;
        if found.rest { node.rest.as_ref() } else { node.leaf.as_ref() }
    }

    fn leaf_mut(&mut self, found: Found) -> Option<&mut Leaf> {
        let node = self.nodes.get_mut(found.node)?;
        if found.rest { node.rest.as_mut() } else { node.leaf.as_mut() }
    }

    /// Puts a pattern into the tree, if its variables are whole segments and take any text.
    fn insert(&mut self, path: &str, pattern: &str, route: u32) {
        let Some(mut segments) = segments(pattern) else { return };
        // A service that takes all below a path, as those of files do.
        let open = !matches!(segments.last(), Some(Segment::Rest));
        if open && segments.len() < path.split('/').count().saturating_sub(1) {
            segments.push(Segment::Rest);
        }
        if self.nodes.len() + segments.len() > MOST_NODES {
            return;
        }
        let exact = segments.iter().all(|segment| matches!(segment, Segment::Text(_)));
        let trust = if exact { Trust::Exact } else { Trust::Confirmed(0) };
        let mut node = 0;
        for segment in segments {
            node = match segment {
                Segment::Text(text) => self.child(node, text),
                Segment::Variable => self.variable(node),
                Segment::Rest => {
                    self.nodes[node].rest.get_or_insert(Leaf { route, trust });
                    return;
                }
            };
        }
        self.nodes[node].leaf.get_or_insert(Leaf { route, trust });
    }

    fn push(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    fn child(&mut self, node: usize, text: &str) -> usize {
        match self.nodes[node].children.binary_search_by(|(other, _)| (**other).cmp(text)) {
            Ok(at) => self.nodes[node].children[at].1,
            Err(at) => {
                let child = self.push();
                self.nodes[node].children.insert(at, (text.into(), child));
                child
            }
        }
    }

    fn variable(&mut self, node: usize) -> usize {
        if let Some(variable) = self.nodes[node].variable {
            return variable;
        }
        let variable = self.push();
        self.nodes[node].variable = Some(variable);
        variable
    }
}

/// The segments of a pattern; none where a variable is only a part of a segment or takes some texts alone.
fn segments(pattern: &str) -> Option<Vec<Segment<'_>>> {
    let own = pattern.strip_prefix('/')?;
    let mut segments = Vec::new();
    let mut parts = own.split('/').peekable();
    while let Some(part) = parts.next() {
        let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        let rest = part.strip_prefix('{').and_then(|part| part.strip_suffix("}*"));
        let rest = rest.or_else(|| name.and_then(|name| name.strip_suffix(":.*")));
        let plain = |text: &str| !text.contains(['{', '}', ':', '*']);
        segments.push(match (name, rest) {
            (_, Some(name)) if plain(name) && parts.peek().is_none() => Segment::Rest,
            (Some(name), _) if plain(name) => Segment::Variable,
            (None, None) if !part.contains(['{', '}', '*']) => Segment::Text(part),
            _ => return None,
        });
    }
    Some(segments)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree that has been told so often what these paths lead to.
    fn tree(answers: &[(&str, Option<&str>, u32)], times: usize) -> Paths {
        let mut paths = Paths::new();
        for _ in 0..times {
            for (path, pattern, route) in answers {
                paths.learn(path, *pattern, *route);
            }
        }
        paths
    }

    #[test]
    fn patterns_are_split_by_segment() {
        let variable = Segment::Variable;
        assert_eq!(segments("/"), Some(vec![Segment::Text("")]));
        assert_eq!(segments("/users/{id}/"), Some(vec![Segment::Text("users"), variable, Segment::Text("")]));
        assert_eq!(segments("/files/{path}*"), Some(vec![Segment::Text("files"), Segment::Rest]));
        assert_eq!(segments("/files/{path:.*}"), Some(vec![Segment::Text("files"), Segment::Rest]));
        for pattern in ["", "users", "/v{number}", "/{id:[0-9]+}", "/{a}-{b}", "/{path}*/x", "/x*"] {
            assert_eq!(segments(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn a_path_without_variables_is_known_at_once() {
        let paths = tree(&[("/users/me", Some("/users/me"), 1), ("/", Some("/"), 2)], 1);
        assert_eq!(paths.route("/users/me"), Some(1));
        assert_eq!(paths.route("/"), Some(2));
        for path in ["/users", "/users/me/", "/users/you", "", "users/me", "//users/me"] {
            assert_eq!(paths.route(path), None, "{path}");
        }
    }

    #[test]
    fn variables_are_believed_after_a_while() {
        let answer = [("/users/7", Some("/users/{id}"), 1)];
        assert_eq!(tree(&answer, 31).route("/users/8"), None);
        let paths = tree(&answer, 32);
        assert_eq!(paths.route("/users/8"), Some(1));
        for path in ["/users/", "/users", "/users/8/", "/user/8"] {
            assert_eq!(paths.route(path), None, "{path}");
        }
    }

    #[test]
    fn a_route_that_is_found_later_is_learnt() {
        let mut paths = tree(&[("/users/7", Some("/users/{id}"), 1)], 40);
        assert_eq!(paths.route("/users/me"), Some(1));
        paths.doubt("/users/me");
        assert_eq!(paths.route("/users/7"), None);
        paths.learn("/users/me", Some("/users/me"), 2);
        assert_eq!(paths.route("/users/me"), Some(2));
        // The other one was doubted, and is confirmed by the next answer.
        paths.learn("/users/7", Some("/users/{id}"), 1);
        assert_eq!(paths.route("/users/8"), Some(1));
        paths.doubt("/users/8");
        assert_eq!(paths.route("/users/8"), Some(1), "guards decide: it is right by the path");
    }

    #[test]
    fn forms_that_several_routes_have_are_never_believed() {
        let answers = [("/a/7", Some("/a/{id}"), 1), ("/a/x", Some("/a/{name:[a-z]+}"), 2)];
        let paths = tree(&answers, 40);
        assert_eq!((paths.route("/a/7"), paths.route("/a/x")), (None, None));
        let unreachable = [("/b/7", Some("/b/{id}"), 1), ("/b/8", None, 0)];
        assert_eq!(tree(&unreachable, 40).route("/b/7"), None);
    }

    #[test]
    fn what_takes_the_rest_comes_last() {
        let answers = [
            ("/files/a/b", Some("/files/{path}*"), 1),
            ("/files/list", Some("/files/list"), 2),
            ("/static/a/b.js", Some("/static"), 3),
            ("/static", Some("/static"), 3),
        ];
        let paths = tree(&answers, 40);
        let routes = ["/files/x", "/files/list", "/static/c/d", "/static", "/static/"];
        assert_eq!(routes.map(|path| paths.route(path)), [Some(1), Some(2), Some(3), Some(3), Some(3)]);
        assert_eq!(paths.route("/files"), None);
    }
}

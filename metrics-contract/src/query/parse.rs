//! From a text to a query. The grammar is the parser crate's; the places of names, which it does not keep, are found among the
//! tokens of the same text, in the order of its tree.

use promql_parser::{
    label::{MatchOp, Matchers},
    parser::{
        self, AggregateExpr, BinModifier, BinaryExpr, Call, Expr, LabelModifier, VectorMatchCardinality,
        VectorSelector,
    },
};

use super::{
    tokens::{Token, TokenKind, tokens},
    tree::{Grouping, Join, LabelList, Matcher, MatcherOperator, Query, Selector, Side},
};
use crate::mapped_text::MappedText;

/// Tokens past which a query is refused; the tree is walked by recursion.
const MAX_TOKENS: usize = 5_000;

/// A query that does not parse: the byte of its text, and the reason.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct QueryError {
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// Parses a query.
pub(crate) fn parse(text: &MappedText) -> Result<Query, QueryError> {
    let text = text.as_str();
    let start = text.len() - text.trim_start().len();
    let tokens = tokens(text).map_err(|(at, message)| QueryError { at, message })?;
    if tokens.len() > MAX_TOKENS {
        return Err(QueryError {
            at: start,
            message: format!("the query has more than {MAX_TOKENS} tokens"),
        });
    }
    let tree = parser::parse(text).map_err(|message| QueryError { at: start, message })?;
    Ok(Walk { text, tokens, at: 0 }.query(&tree))
}

/// Walk through the parser's tree and the tokens at once.
struct Walk<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// The next token.
    at: usize,
}

impl Walk<'_> {
    fn query(&mut self, tree: &Expr) -> Query {
        match tree {
            Expr::VectorSelector(selector) => Query::Selector(self.selector(selector)),
            Expr::MatrixSelector(range) => Query::Selector(self.selector(&range.vs)),
            Expr::Call(call) => self.call(call),
            Expr::Aggregate(aggregation) => self.aggregation(aggregation),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Paren(parentheses) => {
                let closing = self.seek_sign('(').and_then(|opening| self.closing(opening));
                let query = self.query(&parentheses.expr);
                self.go_past(closing);
                Query::Wrapped(Box::new(query))
            }
            Expr::Unary(unary) => Query::Wrapped(Box::new(self.query(&unary.expr))),
            Expr::Subquery(subquery) => Query::Wrapped(Box::new(self.query(&subquery.expr))),
            Expr::StringLiteral(text) => Query::Text(text.val.clone()),
            Expr::NumberLiteral(_) | Expr::Extension(_) => Query::Number,
        }
    }

    fn selector(&mut self, selector: &VectorSelector) -> Selector {
        let named = selector.name.as_deref().and_then(|name| self.seek_word(|word| word == name));
        let braces = match named {
            Some(_) => self.is_sign(self.at, '{').then_some(self.at),
            None => self.seek_sign('{').map(|_| self.at - 1),
        };
        let at = self.start(named.or(braces).unwrap_or(self.at));
        let closing = braces.and_then(|braces| self.closing(braces));
        let mut matchers = Vec::new();
        let mut metric = selector.name.clone();
        let mut metric_at = at;
        if let (Some(braces), Some(closing)) = (braces, closing) {
            matchers = self.matchers(braces, closing, &selector.matchers);
            self.at = closing + 1;
        }
        let is_name = |matcher: &Matcher| {
            matcher.label == "__name__"
                && matcher.operator == MatcherOperator::Equal
                && !matcher.is_alternative
        };
        if let Some(name) = matchers.iter().find(|matcher| is_name(matcher))
            && metric.is_none()
        {
            metric = Some(name.value.clone());
            metric_at = name.value_at + 1;
        }
        matchers.retain(|matcher| !is_name(matcher));
        Selector { metric, at: metric_at, matchers }
    }

    /// Pairs the matchers of the parser's tree with the places between two braces.
    fn matchers(&self, opening: usize, closing: usize, matchers: &Matchers) -> Vec<Matcher> {
        let inside = opening + 1..closing;
        // A label is followed by its operator, which has one or two signs, and a text.
        let places: Vec<_> = inside
            .filter(|at| {
                self.kind(*at) != Some(TokenKind::Sign)
                    && (self.is_sign(at + 1, '=') || self.is_sign(at + 1, '!'))
            })
            .map(|label| {
                let value = (label + 2..closing).find(|at| self.kind(*at) == Some(TokenKind::Text));
                (self.start(label), self.start(value.unwrap_or(label)))
            })
            .collect();
        let plain = matchers.matchers.iter().map(|matcher| (matcher, false));
        let alternatives = matchers.or_matchers.iter().flatten().map(|matcher| (matcher, true));
        let all =
            plain.chain(alternatives).filter(|(matcher, _)| !self.is_quoted_name(opening, closing, matcher));
        let fallback = self.start(opening);
        all.enumerate()
            .map(|(index, (matcher, is_alternative))| {
                let (label_at, value_at) = places.get(index).copied().unwrap_or((fallback, fallback));
                Matcher {
                    label: matcher.name.clone(),
                    label_at,
                    operator: operator(&matcher.op),
                    value: matcher.value.clone(),
                    value_at,
                    condition: matcher.clone(),
                    is_alternative,
                }
            })
            .collect()
    }

    /// Returns whether a matcher is the metric's name in quotes, which has no operator.
    fn is_quoted_name(
        &self,
        opening: usize,
        closing: usize,
        matcher: &promql_parser::label::Matcher,
    ) -> bool {
        matcher.name == "__name__"
            && !(opening..closing).any(|at| self.word(at).is_some_and(|word| word == "__name__"))
    }

    fn call(&mut self, call: &Call) -> Query {
        let function = call.func.name;
        let word = self.seek_word(|word| word.eq_ignore_ascii_case(function));
        let at = word.map_or(0, |word| self.start(word));
        let closing = self.seek_sign('(').and_then(|opening| self.closing(opening));
        let arguments = call.args.args.iter().map(|argument| self.query(argument)).collect();
        self.go_past(closing);
        Query::Call { function, at, arguments }
    }

    fn aggregation(&mut self, aggregation: &AggregateExpr) -> Query {
        let operator = aggregation.op.to_string();
        self.seek_word(|word| word.eq_ignore_ascii_case(&operator));
        let mut labels = self.label_list(&["by", "without"]);
        let closing = self.seek_sign('(').and_then(|opening| self.closing(opening));
        let parameter = aggregation.param.as_ref().map(|parameter| Box::new(self.query(parameter)));
        let of = Box::new(self.query(&aggregation.expr));
        self.go_past(closing);
        if labels.is_empty() {
            labels = self.label_list(&["by", "without"]);
        }
        let grouping =
            aggregation.modifier.as_ref().map(|modifier| Grouping { keeps: modifier.is_include(), labels });
        Query::Aggregation { operator, grouping, parameter, of }
    }

    fn binary(&mut self, binary: &BinaryExpr) -> Query {
        let left = Box::new(self.query(&binary.lhs));
        let join = binary.modifier.as_ref().map(|modifier| self.join(modifier));
        let right = Box::new(self.query(&binary.rhs));
        Query::Binary { operator: binary.op.to_string(), left, right, join }
    }

    fn join(&mut self, modifier: &BinModifier) -> Join {
        let is_on = matches!(modifier.matching, Some(LabelModifier::Include(_)));
        let labels = match &modifier.matching {
            Some(_) => self.seek_list(&["on", "ignoring"]),
            None => LabelList::new(),
        };
        let many = match modifier.card {
            VectorMatchCardinality::ManyToOne(_) => Some(Side::Left),
            VectorMatchCardinality::OneToMany(_) => Some(Side::Right),
            VectorMatchCardinality::OneToOne | VectorMatchCardinality::ManyToMany => None,
        };
        let many = many.map(|side| (side, self.seek_list(&["group_left", "group_right"])));
        Join { is_on, labels, many }
    }

    /// Goes to the next of some words and takes the list after it.
    fn seek_list(&mut self, words: &[&str]) -> LabelList {
        if let Some(word) = self.seek_word(|word| words.iter().any(|other| word.eq_ignore_ascii_case(other)))
        {
            self.at = word;
        }
        self.label_list(words)
    }

    /// Takes a list of labels if one of some words and a parenthesis come next.
    fn label_list(&mut self, words: &[&str]) -> LabelList {
        let is_next =
            self.word(self.at).is_some_and(|word| words.iter().any(|other| word.eq_ignore_ascii_case(other)));
        if !is_next {
            return LabelList::new();
        }
        self.at += 1;
        let Some(closing) = self.is_sign(self.at, '(').then(|| self.closing(self.at)).flatten() else {
            return LabelList::new();
        };
        let labels = (self.at..closing).filter_map(|at| Some((self.word(at)?.to_owned(), self.start(at))));
        let labels = labels.collect();
        self.at = closing + 1;
        labels
    }

    /// Goes past the next word that fulfils a condition, and returns its token.
    fn seek_word(&mut self, condition: impl Fn(&str) -> bool) -> Option<usize> {
        let found = (self.at..self.tokens.len()).find(|at| self.word(*at).is_some_and(&condition))?;
        self.at = found + 1;
        Some(found)
    }

    /// Goes past the next sign of a kind, and returns its token.
    fn seek_sign(&mut self, sign: char) -> Option<usize> {
        let found = (self.at..self.tokens.len()).find(|at| self.is_sign(*at, sign))?;
        self.at = found + 1;
        Some(found)
    }

    fn go_past(&mut self, closing: Option<usize>) {
        if let Some(closing) = closing {
            self.at = closing + 1;
        }
    }

    fn kind(&self, token: usize) -> Option<TokenKind> {
        self.tokens.get(token).map(|token| token.kind)
    }

    fn content(&self, token: usize) -> &str {
        self.tokens.get(token).and_then(|token| self.text.get(token.range.clone())).unwrap_or_default()
    }

    fn word(&self, token: usize) -> Option<&str> {
        (self.kind(token) == Some(TokenKind::Word)).then(|| self.content(token))
    }

    fn is_sign(&self, token: usize, sign: char) -> bool {
        self.kind(token) == Some(TokenKind::Sign) && self.content(token).starts_with(sign)
    }

    fn closing(&self, opening: usize) -> Option<usize> {
        self.tokens.get(opening)?.closing
    }

    fn start(&self, token: usize) -> usize {
        self.tokens.get(token).map_or(self.text.len(), |token| token.range.start)
    }
}

const fn operator(operator: &MatchOp) -> MatcherOperator {
    match operator {
        MatchOp::Equal => MatcherOperator::Equal,
        MatchOp::NotEqual => MatcherOperator::NotEqual,
        MatchOp::Re(_) => MatcherOperator::Regex,
        MatchOp::NotRe(_) => MatcherOperator::NotRegex,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Query {
        parse(&MappedText::verbatim(text, 0)).unwrap_or_else(|error| panic!("{text}: {error:?}"))
    }

    #[test]
    fn names_have_their_places() {
        let text = "sum by (x) (rate(sum_a{by=\"on\", x=~\"a|b\"}[5m] offset 1h)) / on (x) group_left (y) max(b) by (x)";
        let Query::Binary { left, right, join: Some(join), .. } = parsed(text) else { panic!("{text}") };
        assert_eq!((join.is_on, join.labels), (true, vec![("x".to_owned(), text.find("x) group").unwrap())]));
        assert_eq!(join.many, Some((Side::Left, vec![("y".to_owned(), text.find("y)").unwrap())])));
        let Query::Aggregation { grouping: Some(grouping), of, .. } = *left else { panic!("{text}") };
        assert_eq!((grouping.keeps, grouping.labels), (true, vec![("x".to_owned(), 8)]));
        let Query::Call { function: "rate", at: 12, arguments } = *of else { panic!("{text}") };
        let [Query::Selector(selector)] = arguments.as_slice() else { panic!("{text}") };
        assert_eq!((selector.metric.as_deref(), selector.at), (Some("sum_a"), 17));
        let places: Vec<_> =
            selector.matchers.iter().map(|matcher| (matcher.label_at, matcher.value_at)).collect();
        assert_eq!(places, [(23, 26), (32, 35)]);
        let Query::Aggregation { grouping: Some(grouping), .. } = *right else { panic!("{text}") };
        assert_eq!(grouping.labels, vec![("x".to_owned(), text.len() - 2)]);
    }

    #[test]
    fn a_name_may_be_a_matcher() {
        for (text, at) in [("{__name__=\"a\", x=\"1\"}", 11), ("a{x=\"1\"}", 0)] {
            let Query::Selector(selector) = parsed(text) else { panic!("{text}") };
            assert_eq!((selector.metric.as_deref(), selector.at), (Some("a"), at), "{text}");
            assert_eq!(selector.matchers.len(), 1);
        }
    }

    #[test]
    fn errors_have_their_place() {
        for (text, at) in [("sum(a", 3), ("a)", 1), ("a[5m}", 4), ("  sum by a", 2), ("", 0)] {
            let error = parse(&MappedText::verbatim(text, 0)).expect_err(text);
            assert_eq!(error.at, at, "{text}: {}", error.message);
        }
        let deep = format!("{}1{}", "(".repeat(3000), ")".repeat(3000));
        assert!(parse(&MappedText::verbatim(&deep, 0)).is_err());
    }
}

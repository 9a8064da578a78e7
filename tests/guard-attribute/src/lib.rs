//! An attribute that guards a function: it makes `Either<R, HttpResponse>` of the return type `R`.

use proc_macro::{Group, Spacing, TokenStream, TokenTree};

/// Answers with 403 instead of running the function if the condition is true: `#[guarded(is_refused)]`.
///
/// The body runs in a closure or an `async` block.
///
/// # Panics
///
/// If the function has no return type or no body.
#[proc_macro_attribute]
pub fn guarded(condition: TokenStream, item: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let body = tokens.pop().expect("a body");
    let is =
        |token: &TokenTree, sign: char| matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign);
    let arrow = tokens.windows(2).rposition(|pair| {
        is(&pair[0], '-')
            && is(&pair[1], '>')
            && matches!(&pair[0], TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint)
    });
    let returned: TokenStream = tokens.split_off(arrow.expect("a return type") + 2).into_iter().collect();
    let is_async = tokens.iter().any(|token| token.to_string() == "async");

    let call = if is_async { "(async move BODY).await" } else { "(move || -> RETURNED BODY)()" };
    let template = format!(
        "{{ if CONDITION {{ return ::actix_web::Either::Right(::actix_web::HttpResponse::Forbidden().finish()); }}
           ::actix_web::Either::Left({call}) }}"
    );
    let signature = "::actix_web::Either<RETURNED, ::actix_web::HttpResponse>";
    let filled = |template: &str| fill(template.parse().expect("tokens"), &condition, &returned, &body);
    tokens.into_iter().chain(filled(signature)).chain(filled(&template)).collect()
}

fn fill(
    template: TokenStream,
    condition: &TokenStream,
    returned: &TokenStream,
    body: &TokenTree,
) -> TokenStream {
    let fill_token = |token: TokenTree| match token {
        TokenTree::Ident(word) if word.to_string() == "CONDITION" => condition.clone(),
        TokenTree::Ident(word) if word.to_string() == "RETURNED" => returned.clone(),
        TokenTree::Ident(word) if word.to_string() == "BODY" => body.clone().into(),
        TokenTree::Group(group) => {
            let stream = fill(group.stream(), condition, returned, body);
            TokenTree::Group(Group::new(group.delimiter(), stream)).into()
        }
        other => other.into(),
    };
    template.into_iter().flat_map(fill_token).collect()
}

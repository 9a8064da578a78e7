//! Transactions: `/api/transactions/create`.

use actix_web::{HttpResponse, post, web::Json};
use serde::{Deserialize, Serialize};
use tracing::instrument;

use super::db::Db;
use crate::{
    database::NewTransaction,
    error::{ApiError, Result},
    labels::{ItemLabels, ItemType, TransactionLabels, TransactionStatus, TransactionType},
    metrics::ArenaMetrics,
};

/// Maximal amount of a transaction: a thousand dollars.
const MOST_CENTS: i64 = 100_000;

#[derive(Deserialize)]
struct Create {
    player_id: i64,
    r#type: TransactionType,
    item_type: ItemType,
    amount_cents: i64,
    card: Card,
}

/// Card, which sets the outcome as in the test system of a bank.
#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Card {
    Good,
    Declined,
}

#[derive(Serialize)]
struct Transaction {
    id: i64,
    status: TransactionStatus,
}

/// Creates a purchase or refund: 201, or 402 if the card is declined.
#[post("/api/transactions/create")]
#[instrument(
    name = "transaction_create",
    skip_all,
    fields(player.id = form.player_id, transaction.amount = form.amount_cents as f64 / 100.0)
)]
pub(super) async fn create(form: Json<Create>, database: Db) -> Result<HttpResponse> {
    let Create { player_id, r#type, item_type, amount_cents, card } = form.into_inner();
    if !(1..=MOST_CENTS).contains(&amount_cents) {
        return Err(ApiError::Invalid(format!("`amount_cents` is from 1 to {MOST_CENTS}")));
    }
    let status = match card {
        Card::Good => TransactionStatus::Completed,
        Card::Declined => TransactionStatus::Failed,
    };
    let new = NewTransaction { player: player_id, r#type, item_type, amount_cents, status };
    let Some(id) = database.add_transaction(new).await? else {
        return Err(ApiError::NotFound(format!("there is no player {player_id}")));
    };
    count(new);
    match status {
        TransactionStatus::Completed => Ok(HttpResponse::Created().json(Transaction { id, status })),
        TransactionStatus::Failed => Err(ApiError::Declined),
    }
}

fn count(new: NewTransaction) {
    let metrics = ArenaMetrics::global();
    metrics.transactions_total.with(TransactionLabels { r#type: new.r#type, status: new.status }).inc();
    if new.r#type == TransactionType::Purchase && new.status == TransactionStatus::Completed {
        let revenue = metrics.revenue_usd_total.with(ItemLabels { item_type: new.item_type });
        revenue.inc_by(new.amount_cents as f64 / 100.0);
    }
}

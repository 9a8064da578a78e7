/// Players who logged in.
#[counted(name = "arena_player_logins_total", only = ok)]
#[timed(
    name = "arena_login_duration_seconds",
    help = "Time to log a player in.",
    labels(region = form.region, tenant = capped(form.tenant, 100), kind = |ret| ret.is_ok(), site = "eu", result),
    buckets(0.005, 0.5, 2.5),
)]
#[must_use]
async fn login(form: Json<Login>, mut db: Data<Db>) -> Result<Json<Player>, ApiError> {
    db.get()?.login(form).await
}

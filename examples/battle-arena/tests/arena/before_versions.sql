-- The tables as they were before there were versions; KEY stands for what each database calls a key that counts by itself.

CREATE TABLE IF NOT EXISTS players (
    id KEY,
    username TEXT NOT NULL UNIQUE,
    rating BIGINT NOT NULL DEFAULT 1000,
    wins BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    last_login BIGINT
);

CREATE TABLE IF NOT EXISTS matches (
    id KEY,
    match_type TEXT NOT NULL,
    status TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    winner_id BIGINT REFERENCES players (id)
);

CREATE TABLE IF NOT EXISTS match_players (
    match_id BIGINT NOT NULL REFERENCES matches (id),
    player_id BIGINT NOT NULL REFERENCES players (id),
    PRIMARY KEY (match_id, player_id)
);

CREATE TABLE IF NOT EXISTS transactions (
    id KEY,
    player_id BIGINT NOT NULL REFERENCES players (id),
    type TEXT NOT NULL,
    item_type TEXT NOT NULL,
    amount_cents BIGINT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS system_events (
    id KEY,
    kind TEXT NOT NULL,
    message TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS players_by_rating ON players (rating);
CREATE INDEX IF NOT EXISTS players_by_last_login ON players (last_login);
CREATE INDEX IF NOT EXISTS matches_by_status ON matches (status);

//! The database as handlers take it.

use actix_web::web::Data;

use crate::database::Database;

pub(super) type Db = Data<Database>;

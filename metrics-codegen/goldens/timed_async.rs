#[timed]
async fn wait(this: &This) {
    sleep(this.time).await;
}

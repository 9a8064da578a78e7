//! Signals to programs in which jobs run. Each program is this test once more, with a variable that says what it does.
#![cfg(unix)]

use std::{env, os::unix::process::ExitStatusExt as _, process::Command, thread, time::Duration};

use metrics_core::{Job, PushClient, Pushgateway, Registry, RunningJob};
use tests::{
    process::Process,
    scripted_server::{Answer, ScriptedServer},
};

const MODE: &str = "METRICS_TEST_MODE";
const URL: &str = "METRICS_TEST_URL";
const END: Duration = Duration::from_secs(120);

fn job(name: &str) -> Job {
    let gateway = Pushgateway::new(&env::var(URL).unwrap()).client(PushClient::new().no_proxy());
    Job::new(name).push_to(gateway).registry(&Registry::new()).deadline(END)
}

fn running(name: &str) -> RunningJob {
    job(name).start().unwrap()
}

/// The program, if the variable is set.
#[test]
fn program() {
    let Ok(mode) = env::var(MODE) else { return };
    let _jobs = match &*mode {
        "one job" => vec![running("a")],
        "two jobs" => vec![running("a"), running("b")],
        "one of two has ended" => {
            let jobs = vec![running("b")];
            job("a").run(|| Ok::<_, ()>(())).unwrap();
            jobs
        }
        "all have ended" => {
            drop((running("a"), running("b")));
            Vec::new()
        }
        "without signals" => vec![job("a").without_signals().start().unwrap()],
        _ => panic!("{mode}"),
    };
    println!("\nready");
    thread::sleep(END);
}

/// Runs the program, ends it by SIGTERM, and returns the jobs that pushed `terminated`.
fn terminated(mode: &str, answers: &[Answer]) -> Vec<String> {
    let receiver = ScriptedServer::start(answers);
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "program", "--nocapture"]).env(MODE, mode).env(URL, receiver.url(""));
    let mut program = Process::start(&mut command, "it is this test");
    program.wait_for_line(END, "that it is ready", |line| (line == "ready").then_some(()));
    program.signal("TERM");
    assert_eq!(program.wait_for_end(END).signal(), Some(15), "{mode}");
    let requests = receiver.received().into_iter().filter_map(|request| {
        let body = String::from_utf8(request.body).unwrap();
        let is_terminated = body.lines().any(|line| line.ends_with(",outcome=\"terminated\"} 1"));
        is_terminated.then(|| request.line.split('/').nth(3).unwrap().replace(" HTTP", ""))
    });
    let mut jobs: Vec<_> = requests.collect();
    jobs.sort();
    jobs
}

#[test]
fn every_running_job_pushes_before_the_program_ends() {
    let accepted = [Answer::status(200)];
    assert_eq!(terminated("one job", &accepted), ["a"]);
    assert_eq!(terminated("two jobs", &accepted), ["a", "b"]);
    assert_eq!(terminated("one of two has ended", &accepted), ["b"]);
}

#[test]
fn last_of_two_jobs_ends_the_program() {
    // One of them is accepted at once, and the other after a back-off.
    let answers = [Answer::status(200), Answer::status(503), Answer::status(200)];
    let mut jobs = terminated("two jobs", &answers);
    assert_eq!(jobs.len(), 3, "{jobs:?}");
    jobs.dedup();
    assert_eq!(jobs, ["a", "b"]);
}

#[test]
fn failed_push_is_tried_again_before_the_program_ends() {
    let answers = [Answer::status(503), Answer::CloseEarly, Answer::status(200)];
    assert_eq!(terminated("one job", &answers), ["a"; 3]);
}

#[test]
fn signals_have_their_usual_effect_without_a_job() {
    let accepted = [Answer::status(200)];
    assert_eq!(terminated("all have ended", &accepted), [""; 0]);
    assert_eq!(terminated("without signals", &accepted), [""; 0]);
}

//! Benchmarks of the figures in the crate's plan; percentiles come from `examples/measure.rs`.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod shapes;

use divan::{Bencher, black_box};
use xiezhi_policy::ask::{self, Options, Target};
use xiezhi_policy::escalate::{Escalation, Start};
use xiezhi_policy::estate::Index;
use xiezhi_policy::{Caller, Layers, PolicySet, Reading, Request, ResourceSide, decide, who};

fn main() {
    divan::main();
}

#[divan::bench]
fn no_new_access(bencher: Bencher<'_, '_>) {
    let corpus = shapes::corpus(7, 40);
    let mut next = 0;
    bencher.bench_local(|| {
        next += 1;
        let (a, b) = (&corpus[next % 40], &corpus[next / 40 % 40]);
        ask::adds(&[a], &[b], &Options::default())
    });
}

#[divan::bench]
fn one_decision(bencher: Bencher<'_, '_>) {
    let corpus = shapes::corpus(7, 40);
    let layers = Layers::identity_only("1001", PolicySet::of(corpus.iter().take(4).collect()));
    let caller = Caller::User { account: "1001".into(), name: "ann".into(), id: None };
    let request = Request::new(caller, "ecs:DescribeInstances", "acs:ecs:cn-hangzhou:1001:instance/i-1");
    bencher.bench_local(|| decide(black_box(&request), &layers, &Reading::standard()));
}

#[divan::bench(sample_count = 5)]
fn who_can(bencher: Bencher<'_, '_>) {
    let planted = shapes::estate(2_000, 2_000, 0, 1_500, 50);
    let index = Index::new(&planted.estate);
    let target = Target::new(&["oss:GetObject"], &["acs:oss:oss-cn-hangzhou:1001:res-1/key"]);
    bencher.bench_local(|| who::who(&index, &target, &ResourceSide::None, &Options::default()));
}

#[divan::bench(sample_count = 3, args = [1_000, 10_000])]
fn escalation_closure(bencher: Bencher<'_, '_>, users: usize) {
    let planted = shapes::estate(users, users / 5, users / 2, 1_500, 40);
    bencher.bench_local(|| {
        let index = Index::new(&planted.estate);
        let graph = Escalation::build(&index, &Options::default());
        planted.users.iter().map(|(user, _)| graph.administrator(Start::User(*user)).steps.len()).sum::<usize>()
    });
}

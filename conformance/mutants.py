#!/usr/bin/env python3
"""Mutants of the policy kernel and of the network's: each changes one rule, and the tests must notice.

    python3 conformance/mutants.py            # all of them; half a minute each
    python3 conformance/mutants.py 3 7        # only these

Works in a worktree of its own beside the target folder, never in the working copy. Exit code 1 when a mutant survives, or no longer
finds its place in the source.
"""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = "crates/xiezhi-policy/src"
NET = "crates/xiezhi-net/src"

# (file, text as it stands, text of the mutant, what is broken)
MUTANTS = [
    ("decide.rs", "(Tri::Yes, _) => EXPLICIT,", "(Tri::Yes, Tri::No) => EXPLICIT,\n        (Tri::Yes, _) => ALLOW,", "an Allow beats a Deny"),
    ("decide.rs", "(ALLOW, _) | (_, ALLOW) => ALLOW,", "(ALLOW, ALLOW) => ALLOW,", "both sides must allow by default"),
    ("decide.rs", "(ALLOW, ALLOW) => ALLOW,\n        _ => IMPLICIT,", "(ALLOW, _) => ALLOW,\n        _ => IMPLICIT,", "one side is enough to assume a role"),
    ("decide.rs", "let ignored = |a: u8, g: u8| if a == IMPLICIT { g } else { a };", "let ignored = |a: u8, g: u8| if a == ALLOW { a } else { g };", "a group's Allow beats an account's Deny"),
    ("decide.rs", "let rule = if own { either_allows } else { both_allow };", "let rule = if own { both_allow } else { either_allows };", "keys: inside and across are swapped"),
    ("decide.rs", "Open(if a.has(ALLOW) { (a.0 & !ALLOW) | IMPLICIT } else { a.0 })", "a", "another account's own policy opens a resource"),
    ("decide/oss.rs", "blocked.negate() } else { Tri::Yes }", "Tri::Yes } else { Tri::Yes }", "Block Public Access does not block a bucket policy"),
    ("decide/oss.rs", "let counts = own && request.caller != Caller::Anonymous;", "let counts = request.caller != Caller::Anonymous;", "an outsider's own policies count for OSS"),
    ("decide/oss.rs", "open = if nobody { Open(IMPLICIT) } else", "open = if nobody { open } else", "anonymous access through an access point"),
    ("decide.rs", "if !layers.control_exempt && matches!", "if layers.control_exempt && matches!", "control policies bind the exempt only"),
    ("decide.rs", "if !set.gaps.is_empty() {\n        deny = deny.or(Tri::Maybe);", "if !set.gaps.is_empty() {\n        deny = deny.or(Tri::No);", "a missing policy cannot deny"),
    ("switches.rs", "Tri::No => Tri::Yes,\n            Tri::Maybe => Tri::Maybe,\n            Tri::Yes => Tri::No,", "Tri::No => Tri::Yes,\n            Tri::Maybe => Tri::No,\n            Tri::Yes => Tri::No,", "unknown negated is no"),
    ("minimise.rs", "let text = write(&statements);", "statements.retain(|s| s.effect != Some(Effect::Deny));\n    let text = write(&statements);", "a rewritten policy loses its Denies"),
    ("catalogue.rs", "None if code.eq_ignore_ascii_case(\"ims\") =>", "None if code.eq_ignore_ascii_case(\"imsx\") =>", "a call that ims does not have gets a twin"),
    ("ask/compare.rs", "let may = and(&new_may, &not(&old_must));", "let may = new_may.clone();", "a comparison forgets the old policy"),
    ("ask/safeguard.rs", "without_mfa = |values: Option<&[String]>| !is(values, \"true\")", "without_mfa = |values: Option<&[String]>| is(values, \"false\")", "a call without any word of MFA counts as one with it"),
    ("decide.rs", "folded_action.starts_with(\"sts:\")", "folded_action == \"sts:assumerole\"", "a trust policy has no word on the SSO forms of assuming a role"),
    ("ask/quick.rs", "old_statements().any(|(_, _, statement)| statement.effect != Some(Effect::Allow))", "old_statements().any(|(_, _, statement)| statement.effect.is_none())", "a Deny of the old policy does not matter for what it covers"),
    ("ask/quick.rs", "!wide.contains('?') && wild(wide, narrow)", "wild(wide, narrow)", "one character covers a run"),
    ("ask/quick.rs", "        && wide.principal == narrow.principal", "", "a statement covers what it grants to others"),
    ("exposure/network.rs", "None if text.starts_with(\"vpc-\")", "None if text.starts_with(\"vpcx-\")", "a VPC is no network"),
    ("exposure/network.rs", "values.is_none_or(|list| !list.iter().any(|v| network.vpcs.contains(v)))", "values.is_some_and(|list| !list.iter().any(|v| network.vpcs.contains(v)))", "a request from no VPC is inside one"),
    ("exposure/callers.rs", "BTreeSet::from([Caller::Anonymous])", "BTreeSet::new()", "nobody is anonymous"),
    ("exposure.rs", "let may = and(&within, &arena.allowed", "let _ = &within;\n        let may = and(&Vec::from([Clause { all_of: Vec::new(), none_of: Vec::new() }]), &arena.allowed", "what a policy says of another bucket opens this one"),
    ("access_point.rs", "Tri::No => return false,", "Tri::No => {}", "what a bucket delegates to others comes through"),
    ("access_point.rs", "    if side.access_point.is_some() {", "    if side.access_point.is_none() {", "delegation to access points opens the bucket itself"),
    ("estate.rs", "None => gaps.push(first_gap(&self.estate.groups.gaps, &format!(\"group {name}\"))),", "None => {}", "a group that was not collected grants nothing"),
    ("estate.rs", "None => set.gaps.push(first_gap(&self.estate.policies.gaps, &format!(\"policy {}\", attachment.policy))),", "None => {}", "a policy without text grants nothing"),
    ("symbolic/search.rs", "(p, index.saturating_add(1))", "(p, index.saturating_add(2))", "the search skips a cover"),
    ("symbolic/search.rs", "chosen.pop();\n            if hit.is_some() {\n                return Ok(hit);\n            }", "chosen.pop();\n            return Ok(hit);", "only the first statement of a list is tried"),
    ("matching.rs", "if element.negated { listed.negate() } else { listed }", "listed", "NotAction is read as Action"),
    ("matching.rs", "None if condition.negated => Tri::under(reading.of(Switch::NegatedOnAbsent), || Tri::Yes, || Tri::No),", "None if condition.negated => Tri::No,", "a negated operator is false when the key is absent"),
    ("matching.rs", "Tri::under(reading.of(Switch::EqualsLiteral), literal, pattern)", "literal()", "a wildcard under an equality is never a pattern"),
    ("symbolic/encode/atoms.rs", "list.iter().map(String::as_str).filter(|v| v.contains(['*', '?']))", "list.iter().map(String::as_str).filter(|v| v.contains(['\\n']))", "an equality has no cut where its value may be a pattern"),
]

# Ways from and to premises: the engine's side, held by the named laws and the plain evaluator.
PREMISES = [
    ("reach/premises.rs", "Seen::Known(false) => return None,", "Seen::Known(false) => Known::everything(),", "a connection that is down carries packets"),
    ("reach/premises.rs", "Seen::Absent => Known::unknown(missing(format!(\"state of {}\", premises.id))),", "Seen::Absent => Known::everything(),", "a connection whose state nobody saw is up"),
    ("reach/premises.rs", "let mut flows = open.only(&here).and(&reached(&far, End::Source));", "let mut flows = open.only(&here);", "the far side's selectors do not bound what reaches a service"),
    ("reach/premises.rs", "flows = flows.and(&reached(&self.outward(&own, premises, &sources), End::Source));", "", "a service needs no route back"),
    ("reach/premises.rs", "all = all.or(&beside.and(&Known::unknown(missing(format!(\"vSwitch of {}\", endpoint.id)))));", "", "a service outside every vSwitch is reached by nobody"),
    ("reach/premises.rs", "net.prefix_len() == 0", "net.prefix_len() == 129", "a selector for everything makes the internet premises"),
    ("reach/premises.rs", "A::of(&anyone).intersect(&silent())", "A::of(&anyone).subtract(&silent())", "a selector for everything names nobody"),
    ("reach/premises.rs", "Reader::uniform(&silent(), Truth::Unknown(missing(what.clone())))", "Reader::uniform(&silent(), Truth::Yes)", "selectors that were not collected name every range"),
    ("reach/premises.rs", "own.intersect(A::of(&carried))", "own.clone()", "the selectors of the cloud side bound nothing"),
    ("reach/premises.rs", "Ok(vpc) if vpc == here => Truth::Yes,", "Ok(_) if true => Truth::Yes,", "a VPN gateway stands in every VPC"),
    ("reach/premises.rs", "uniform(Truth::known(id == gateway))", "uniform(Truth::Yes)", "any VPN gateway is the way back"),
    ("reach/premises.rs", "any(|one| one.door == taken) {\n                Truth::No", "any(|one| one.door == taken) {\n                Truth::Yes", "a route to other premises is a way back"),
    ("reach/premises.rs", "flows = flows.and(&reached(&self.outward(eni, premises, &region), bearing.far()));", "", "no route back is needed"),
    ("reach/premises.rs", "flows = flows.and(&reached(&self.inward(eni, premises, &own), bearing.near()));", "", "no way into the VPC is needed"),
    ("reach/premises.rs", "flows.and(&*self.acl(eni, other, second))", "flows", "the reply passes every network ACL"),
    ("reach/premises.rs", "flows.and(&filter.either(&Known::everything(), &why))", "flows", "no firewall of a VPC stands before a leased line"),
    ("reach/premises.rs", "(part, truth.and(on.clone()))", "(part, truth)", "what passes to the VPC of a gateway passes on"),
    ("reach/premises.rs", ".filter(|net| net.prefix_len() > 0)", "", "a default route makes the internet premises"),
    ("reach/premises.rs", ".and(&self.handed(premises, bearing))", "", "a VPN gateway hands everything to every connection"),
    ("reach/vpn.rs", "let rest = policies.iter().fold(rest, |rest, route| rest.without(&flows(route)));", "", "what a policy names goes by the destination too"),
    ("reach/vpn.rs", "(Reverse(net.prefix_len()), *net)", "(net.prefix_len(), *net)", "the shortest route of a VPN gateway decides"),
    ("reach/vpn.rs", "chosen = chosen.without(&flows(route)).or(&either);", "let _ = either;", "of several policies the one that leads there decides"),
    ("reach/vpn.rs", "return Known::unknown(missing(format!(\"VPN routes of {gateway}\")));", "return Known::everything();", "a gateway whose routes nobody read hands on everything"),
    ("reach/links.rs", "out.push((here, Truth::known(next == own)))", "out.push((here, Truth::Yes))", "every edge of a transit router is the way back"),
]

# What other networks reach of managed services, load balancers and endpoints: held by the plain evaluator.
ACROSS = [
    ("reach/inside.rs", "all.or(&flows.only(&here).and(&reached(&back, End::Source)))", "all.or(&flows.only(&here))", "a service in another VPC needs no route back"),
    ("reach/inside.rs", "let flows = flows.and(&reached(&self.way(client, &network, region), End::Destination));", "", "a service in another VPC needs no route there"),
    ("reach/inside.rs", "let flows = self.boundaries(client, &network, flows);", "", "no firewall stands between VPCs before a service"),
    ("reach/inside.rs", "flows.only(&rest).and(&Known::unknown(missing(format!(\"vSwitch of {}\", endpoint.id))))", "flows.only(&rest)", "a service outside every vSwitch answers another VPC"),
    ("reach/relays.rs", "(region, truth.or(otherwise.clone()))", "(region, truth)", "a balancer whose table has no route back surely does not answer"),
    ("reach/relays.rs", "band = band.and(&inside.boundaries(eni, &balancer.vpc, Known::everything()).at(front));", "", "no firewall stands between VPCs before a balancer"),
    ("reach/relays.rs", "band = band.and(&Band::sources(&sure, &may, &doubts));", "", "a balancer answers every other network"),
    ("reach/relays.rs", ".and(&inside.handed(premises, Bearing::In))", "", "the answers of a balancer pass every connection of a VPN gateway"),
    ("reach/relays.rs", ".and(&up)", "", "what premises send to a balancer passes a connection that is down"),
    ("reach/relays.rs", "flows = flows.and(&reached(&inside.inward(&own, premises, &here), End::Destination));", "", "premises need no way into the VPC of a balancer"),
]

# What leaves for the internet: held by the named laws and the plain evaluator.
OUTSIDE = [
    ("reach/outside.rs", "Truth::Unknown(why) => flows.either(&flows.without(&mail), &why),", "Truth::Unknown(_) => flows,", "mail leaves whatever the platform does"),
    ("reach/outside.rs", "            flows = flows.and(&*self.inside.acl(eni, Direction::Ingress, Face::OutReply));\n", "", "no reply is filtered"),
    ("reach/outside.rs", "Some(Seen::Absent) => Truth::No,\n            Some(Seen::Known(_)) => beside.clone(),", "Some(Seen::Absent) => Truth::Yes,\n            Some(Seen::Known(_)) => beside.clone(),", "SNAT serves an address that has an EIP"),
    ("reach/outside.rs", "flows.sending(&published.complement()).given(&alone)", "flows.sending(&published.complement())", "an EIP that nobody saw changes nothing"),
    ("reach/outside.rs", ".given(&reader.steered(id, private))", "", "a gateway table holds no reply back"),
    ("reach/outside.rs", "flows.given(&seen_bool(&own.bandwidth, Truth::No))", "flows.given(&seen_bool(&own.bandwidth, Truth::Yes))", "IPv6 leaves without bandwidth"),
    ("reach/outside.rs", "reader.boundary_filter(outward, Some(Direction::Egress))", "reader.boundary_filter(&reader.estate.net.firewall.internet, Some(Direction::Egress))", "the boundary asks its policies for what comes in"),
    ("reach/outside.rs", "Truth::Unknown(why) => passed.either(flows, &why),", "Truth::Unknown(_) => passed,", "a switch that nobody saw is on"),
    ("reach/outside.rs", "reduce(|one, other| one.either(&other, &why))", "reduce(|one, other| one.or(&other))", "one address of a pool that passes is enough"),
    ("reach/outside.rs", "Truth::known(*vpc == nat.vpc && !nat.intranet)", "Truth::known(*vpc == nat.vpc)", "a VPC NAT gateway leads to the internet"),
    ("reach/outside.rs", "self.before_nat_gateway(id, &flows.given(&here))", "flows.given(&here)", "no boundary stands before a NAT gateway"),
    ("reach/translate.rs", "Reverse((net.prefix_len(), *net))", "(net.prefix_len(), *net)", "the shortest SNAT source decides"),
    ("reach/translate.rs", "let whole = rest.complement();", "let whole = Ranges::<A>::empty();", "a mapping of the whole address is one among others"),
    ("reach/translate.rs", "(true, _) => Truth::Yes,\n            (false, false)", "(true, true) => Truth::Yes,\n            (_, false)", "an entry that was not read takes from those that were"),
    ("reach/known.rs", "if from.contains(source) { Ranges::all() } else { Ranges::empty() }", "from.clone()", "a filter after translation sees the private source"),
]


def main():
    policy = [(SRC, ["--package", "xiezhi-policy", "--lib", "--tests"], *mutant) for mutant in MUTANTS]
    net = [(NET, ["--package", "xiezhi-net", "--test", "premises"], *mutant) for mutant in PREMISES]
    across = ["--package", "xiezhi-net", "--test", "oracle", "--test", "relays", "--", "private_endpoints", "other_networks"]
    net += [(NET, across, *mutant) for mutant in ACROSS]
    out = [(NET, ["--package", "xiezhi-net", "--test", "outbound", "--test", "departures"], *mutant) for mutant in OUTSIDE]
    mutants = policy + net + out
    wanted = [int(text) for text in sys.argv[1:]] or list(range(1, len(mutants) + 1))
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
    place = target / "mutants-worktree"
    subprocess.run(["git", "worktree", "remove", "--force", str(place)], cwd=ROOT, capture_output=True, check=False)
    subprocess.run(["git", "worktree", "add", "--detach", str(place), "HEAD"], cwd=ROOT, capture_output=True, check=True)
    env = dict(os.environ, CARGO_TARGET_DIR=str(target / "mutants"))
    bad = 0
    try:
        for number in wanted:
            source, tests, name, old, new, what = mutants[number - 1]
            file = place / source / name
            text = file.read_text()
            if text.count(old) < 1:
                print(f"{number:3} LOST      {name}: {what}: its place is not in the source any more", flush=True)
                bad += 1
                continue
            file.write_text(text.replace(old, new, 1))
            command = ["cargo", "test", "--quiet", *tests]
            # A mutant may loop: what takes this long is noticed too.
            try:
                done = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, timeout=600, check=False)
                broken = "could not compile" in done.stderr
                state = "NO BUILD" if broken else ("killed" if done.returncode else "SURVIVED")
            except subprocess.TimeoutExpired:
                state = "killed"
            bad += state != "killed"
            print(f"{number:3} {state:9} {name}: {what}", flush=True)
            file.write_text(text)
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(place)], cwd=ROOT, capture_output=True, check=False)
    print(f"{len(wanted) - bad} of {len(wanted)} killed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

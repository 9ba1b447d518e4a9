"""Several templates: stacks inside others, what they export, and what CDK made."""

from __future__ import annotations

import json

import pytest

import analyzer

from .plans import by_hand
from .templates import admits, made, ref, template


def _write(folder, **documents):
    for name, document in documents.items():
        path = folder / f"{name.replace('__', '/')}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document))
    return folder


def _ask(folder, source="Outer.HostA", target="Outer.HostB", on="ssh"):
    return analyzer.load(folder).reach(source, target, on).verdict.value


RULE = {
    "Parameters": {"Group": {"Type": "String"}, "From": {"Type": "String", "Default": "10.9.0.0/16"}},
    "Resources": {
        "Rule": made(
            "EC2::SecurityGroupIngress", GroupId=ref("Group"), IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp=ref("From")
        )
    },
    "Outputs": {"Range": {"Value": ref("From")}},
}


def _inner(url, **given):
    return made("CloudFormation::Stack", TemplateURL=url, Parameters={"Group": ref("GroupB"), **given})


def test_a_stack_inside_another_is_read_where_its_template_is_there(tmp_path):
    outer = template(Inner=_inner("./rules/rule.json", From="10.0.0.0/16"))
    assert _ask(_write(tmp_path, outer=outer, rules__rule=RULE), "HostA", "HostB") == "reachable"
    assert (
        analyzer.load(tmp_path).snapshot.find("security_group", "GroupB").ip_permissions[0].ip_ranges[0].cidr_ip == "10.0.0.0/16"
    )


def test_a_stack_inside_another_takes_defaults(tmp_path):
    assert _ask(_write(tmp_path, outer=template(Inner=_inner("rule.json")), rule=RULE), "HostA", "HostB") == "blocked"


def test_what_a_stack_that_is_not_there_may_do_is_unknown(tmp_path):
    outer = template(Inner=_inner("https://bucket.s3.amazonaws.com/other.json"), Other=admits("GroupA", ref("GroupB")))
    found = analyzer.load(_write(tmp_path, outer=outer))
    assert found.reach("HostA", "HostB", "ssh").verdict.value == "unknown"
    # It is not handed this group; but it may make what leads packets on, and to whom nobody knows.
    assert found.reach("HostB", "HostA", "https").verdict.value == "unknown"
    assert "Inner: its template is not in the snapshot; what it makes is not known" in found.snapshot.not_modelled


@pytest.mark.parametrize("handed", [ref("GroupB"), {"Fn::Sub": '{"group": "${GroupB}"}'}, ref("GroupA"), "text"])
def test_a_custom_resource_may_change_what_it_is_handed_and_nothing_else(tmp_path, handed):
    custom = {"Type": "Custom::Rules", "Properties": {"ServiceToken": "arn:aws:lambda:::function:x", "What": [handed]}}
    found = analyzer.load(_write(tmp_path, stack=template(Custom=custom)))
    other = handed in (ref("GroupA"), "text")
    assert found.reach("HostA", "HostB", "ssh").verdict.value == ("blocked" if other else "unknown")
    told = "Custom: a custom resource may change what it is handed" in found.snapshot.not_modelled
    assert told is (handed != "text")


def test_a_template_that_is_uploaded_is_known_by_its_name(tmp_path):
    outer = template(Inner=_inner({"Fn::Sub": "https://${AWS::Region}.amazonaws.com/bucket/rule.json"}, From="10.0.0.0/16"))
    folder = _write(tmp_path, outer=outer, rules__rule=RULE)
    assert _ask(folder, "HostA", "HostB") == "reachable"
    notes = analyzer.load(folder).snapshot.not_modelled
    assert (
        f"`{tmp_path}/rules/rule.json` is taken for the template at `https://AWS::Region.amazonaws.com/bucket/rule.json`" in notes
    )


def test_outputs_come_back(tmp_path):
    rule = admits("GroupB", "")
    rule["Properties"]["CidrIp"] = {"Fn::GetAtt": "Inner.Outputs.Range"}
    outer = template(Inner=_inner("rule.json", Group=ref("GroupA"), From="10.0.0.0/16"), Rule=rule)
    assert _ask(_write(tmp_path, outer=outer, rule=RULE), "HostA", "HostB") == "reachable"


def _importing(name):
    return {
        "Resources": {
            "Rule": made("EC2::SecurityGroupIngress", GroupId={"Fn::ImportValue": name}, IpProtocol="-1", CidrIp="10.0.0.0/16")
        }
    }


EXPORTING = {**template(), "Outputs": {"B": {"Value": {"Fn::GetAtt": ["GroupB", "GroupId"]}, "Export": {"Name": "the-group"}}}}


def test_what_one_template_exports_another_imports(tmp_path):
    assert _ask(_write(tmp_path, base=EXPORTING, rules=_importing("the-group")), "base.HostA", "base.HostB") == "reachable"


def test_what_nobody_exports_or_two_do_is_not_known(tmp_path):
    assert _ask(_write(tmp_path, base=EXPORTING, rules=_importing("another")), "base.HostA", "base.HostB") == "unknown"
    assert _ask(_write(tmp_path, twin=EXPORTING), "base.HostA", "base.HostB") == "unknown"
    (tmp_path / "rules.json").write_text(json.dumps(_importing("the-group")))
    assert _ask(tmp_path, "base.HostA", "base.HostB") == "unknown"


# ---------------------------------------------------------------------- beside AWS's own answers
def test_a_stack_is_laid_over_the_network_that_is_there(tmp_path):
    rule = {**RULE["Resources"]["Rule"]["Properties"], "FromPort": 5432, "ToPort": 5432, "SourceSecurityGroupId": "sg-bastion"}
    del rule["CidrIp"]
    stack = {"Parameters": {"Group": {"Type": "String"}}, "Resources": {"Rule": made("EC2::SecurityGroupIngress", **rule)}}
    given = [{"ParameterKey": "Group", "ParameterValue": "sg-data"}]
    live = _write(tmp_path / "live", all=by_hand())
    plan = _write(tmp_path / "plan", stack=stack, given=given)
    question = ("name:bastion", "rds:orders", "postgres")
    assert analyzer.load(live).reach(*question).verdict.value == "blocked"
    both = _write(tmp_path / "both", all=by_hand(), stack=stack, given=given)
    assert analyzer.load(both).reach(*question).verdict.value == "reachable"
    change = analyzer.load(live).diff(analyzer.load(plan, over=[str(live)])).opened
    assert "5432" in str(change)


# ---------------------------------------------------------------------- CDK
def _by_cdk(document, stack):
    for name, one in document["Resources"].items():
        one["Metadata"] = {"aws:cdk:path": f"{stack}/{name}/Resource"}
    return document


def _stack(file, environment="aws://111122223333/eu-west-1", **more):
    return {"type": "aws:cloudformation:stack", "environment": environment, "properties": {"templateFile": file, **more}}


def _assembly(folder, **changes):
    manifest = {
        "version": "36.0.0",
        "artifacts": {
            "Base": _stack("Base.template.json"),
            "Rules": _stack("Rules.template.json"),
            "Base.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Base.assets.json"}},
            "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
        },
    }
    manifest["artifacts"] |= changes
    documents = {
        "manifest": manifest,
        "tree": {"version": "tree-0.1", "tree": {"id": "App", "path": "", "children": {}}},
        "Base.assets": {"version": "36.0.0", "files": {}, "dockerImages": {}},
        "Base.template": _by_cdk(json.loads(json.dumps(EXPORTING)), "Base"),
        "Rules.template": _importing("the-group"),
        "cdk": {"version": "36.0.0"},
    }
    return _write(folder, **documents)


def test_what_cdk_made_is_read_by_its_manifest(tmp_path):
    found = analyzer.load(_assembly(tmp_path))
    assert found.reach("Base/HostA", "Base/HostB", "ssh").verdict.value == "reachable"
    host = found.snapshot.find("instance", "Base/HostB")
    assert (host.account, host.region) == ("111122223333", "eu-west-1")
    interface = found.snapshot.find("network_interface", "Base/HostB.NetworkInterface")
    assert (interface.account, interface.region) == ("111122223333", "eu-west-1")
    assert not [text for text in found.snapshot.not_modelled if "AWS chooses" not in text]


def test_stacks_of_other_accounts_export_nothing_to_one(tmp_path):
    folder = _assembly(tmp_path, Rules=_stack("Rules.template.json", "aws://444455556666/eu-west-1"))
    assert _ask(folder, "Base/HostA", "Base/HostB") == "unknown"


def test_a_template_that_the_manifest_does_not_name_is_an_old_one(tmp_path):
    folder = _assembly(tmp_path)
    (folder / "Gone.template.json").write_text(json.dumps(_importing("the-group")))
    asset = folder / ("asset." + "0" * 64)
    asset.mkdir()
    (asset / "broken.json").write_text("{")
    found = analyzer.load(folder)
    assert found.reach("Base/HostA", "Base/HostB", "ssh").verdict.value == "reachable"
    told = f"`{folder}/Gone.template.json`: the manifest beside it does not name it, so that it is not read"
    assert told in found.snapshot.not_modelled


def test_a_stack_whose_template_is_missing_leaves_everything_open(tmp_path):
    folder = _assembly(tmp_path, Rules=_stack("Missing.template.json"))
    found = analyzer.load(folder)
    assert found.reach("Base/HostA", "Base/HostB", "ssh").verdict.value == "unknown"
    assert "the template of `Rules` is not in the snapshot" in found.snapshot.not_modelled


def test_stacks_inside_others_are_assets_of_cdk(tmp_path):
    folder = _assembly(tmp_path, Rules=_stack("Outer.template.json"))
    url = {"Fn::Join": ["", ["https://s3.", ref("AWS::Region"), ".amazonaws.com/cdk-assets/0123.json"]]}
    inner = made(
        "CloudFormation::Stack", TemplateURL=url, Parameters={"Group": {"Fn::ImportValue": "the-group"}, "From": "10.0.0.0/16"}
    )
    inner["Metadata"] = {"aws:asset:path": "OuterInner.nested.template.json", "aws:cdk:path": "Rules/Inner/Resource"}
    _write(folder, **{"Outer.template": {"Resources": {"Inner": inner}}, "OuterInner.nested.template": RULE})
    assert _ask(folder, "Base/HostA", "Base/HostB") == "reachable"


def test_without_paths_in_templates_cdk_notes_them_beside(tmp_path):
    base = _stack("Base.template.json")
    folder = _assembly(
        tmp_path, Base={**base, "additionalMetadataFile": "Base.metadata.json"}, Rules=_stack("Outer.template.json")
    )
    plain = json.loads(json.dumps(EXPORTING))
    notes = {f"/Base/{name}/Resource": [{"type": "aws:cdk:logicalId", "data": name}] for name in plain["Resources"]}
    inner = made("CloudFormation::Stack", TemplateURL={"Fn::Sub": "https://s3.${AWS::URLSuffix}/assets/0123.json"})
    inner["Properties"]["Parameters"] = {"Group": {"Fn::ImportValue": "the-group"}, "From": "10.0.0.0/16"}
    destination = {"there": {"bucketName": "assets", "objectKey": "0123.json"}}
    uploads = {"0123": {"source": {"path": "Inner.nested.template.json", "packaging": "file"}, "destinations": destination}}
    _write(
        folder,
        **{
            "Base.template": plain,
            "Base.metadata": {"/Base": [{"type": "aws:cdk:creationStack", "data": []}], **notes},
            "Outer.template": {"Resources": {"Inner": inner}},
            "Inner.nested.template": RULE,
            "Outer.assets": {"version": "53.0.0", "files": uploads, "dockerImages": {}},
        },
    )
    assert _ask(folder, "Base/HostA", "Base/HostB") == "reachable"


def test_cdk_takes_every_rule_from_a_default_group(tmp_path):
    plain = template(
        HostB=made("EC2::Instance", SubnetId=ref("SubnetB"), SecurityGroupIds=[{"Fn::GetAtt": "Vpc.DefaultSecurityGroup"}])
    )
    plain["Resources"]["HostA"]["Properties"] = {**plain["Resources"]["HostB"]["Properties"], "SubnetId": ref("SubnetA")}
    assert _ask(_write(tmp_path / "one", stack=plain), "HostA", "HostB") == "reachable"
    restricted = {
        "Type": "Custom::VpcRestrictDefaultSG",
        "Properties": {"DefaultSecurityGroupId": {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}},
    }
    plain["Resources"]["Restrict"] = restricted
    assert _ask(_write(tmp_path / "two", stack=plain), "HostA", "HostB") == "blocked"

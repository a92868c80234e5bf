package io.jenkins.plugins.lockstep.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.document.Tree;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObjectDiffTest {

    private static final String DEPLOYMENT =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: cart, labels: {tier: web}}
            spec:
              template:
                spec:
                  containers:
                  - {name: app, image: "example/app:1", args: [run, fast], env: [{name: A, value: a}]}
                  - {name: side, image: "example/side:1"}
            """;

    @Test
    void fieldsAreNamedByTheirPathAndItemsByTheirKeys() {
        assertThat(diff(
                        DEPLOYMENT,
                        DEPLOYMENT
                                .replace("app:1", "app:2")
                                .replace("fast", "slow")
                                .replace("{name: A, value: a}", "{name: B, value: b}")
                                .replace("{tier: web}", "{tier: web, example.com/team: shop}")))
                .containsExactly(
                        new FieldChange("metadata.labels[example.com/team]", null, "shop"),
                        new FieldChange(
                                "spec.template.spec.containers[name=app].image", "example/app:1", "example/app:2"),
                        new FieldChange("spec.template.spec.containers[name=app].args[1]", "fast", "slow"),
                        new FieldChange(
                                "spec.template.spec.containers[name=app].env[name=A]",
                                Map.of("name", "A", "value", "a"),
                                null),
                        new FieldChange(
                                "spec.template.spec.containers[name=app].env[name=B]",
                                null,
                                Map.of("name", "B", "value", "b")));
    }

    @Test
    void anotherOrderOfItemsWithKeysIsNoChange() {
        String first = "      - {name: app, image: \"example/app:1\", args: [run, fast], env: [{name: A, value: a}]}\n";
        String second = "      - {name: side, image: \"example/side:1\"}\n";
        String swapped = DEPLOYMENT.replace(first + second, second + first);
        assertThat(swapped).isNotEqualTo(DEPLOYMENT);

        assertThat(diff(DEPLOYMENT, swapped)).isEmpty();
    }

    @Test
    void aListOfAnotherLengthIsOneField() {
        assertThat(diff(DEPLOYMENT, DEPLOYMENT.replace("[run, fast]", "[run]")))
                .containsExactly(new FieldChange(
                        "spec.template.spec.containers[name=app].args", List.of("run", "fast"), List.of("run")));
    }

    @Test
    void whatTheServerAndLockstepNoteIsLeftOutButNotWhatPeopleAskFor() {
        String from =
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: a, resourceVersion: "1", uid: x, generation: 1,
                  annotations: {lockstep.io/applied: one, kubectl.kubernetes.io/last-applied-configuration: "{}"}}
                data: {a.properties: x}
                status: {seen: 1}
                """;
        String to =
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: a, resourceVersion: "2", uid: x, generation: 2, managedFields: [],
                  labels: {lockstep.io/app: cart}, annotations: {lockstep.io/applied: two, lockstep.io/prune: never}}
                data: {a.properties: y}
                status: {seen: 2}
                """;

        assertThat(diff(from, to))
                .containsExactly(
                        new FieldChange("metadata.annotations", null, Map.of("lockstep.io/prune", "never")),
                        new FieldChange("data[a.properties]", "x", "y"));
    }

    @Test
    void fieldsThatDoNotCountAreLeftOut() {
        List<FieldChange> changes = ObjectDiff.between(
                tree(DEPLOYMENT),
                tree(DEPLOYMENT.replace("app:1", "app:2").replace("side:1", "side:2")),
                parts -> parts.contains(Map.of("name", "side")));

        assertThat(changes)
                .extracting(FieldChange::path)
                .containsExactly("spec.template.spec.containers[name=side].image");
    }

    @Test
    void equalSecretValuesAreSeenToBeEqualAndNoneCanBeRead() {
        var mask = SecretMask.random();
        Map<String, Object> from = mask.on(secret("{user: anna, password: tiger, pin: tiger}"));
        Map<String, Object> to = mask.on(secret("{user: anna, password: lion, pin: tiger}"));

        List<FieldChange> changes = ObjectDiff.between(from, to, parts -> true);

        assertThat(changes).extracting(FieldChange::path).containsExactly("data.password");
        assertThat(changes.get(0).from()).isEqualTo(Tree.at(to, "data", "pin"));
        assertThat(changes.toString() + from + to + mask).doesNotContain("anna", "tiger", "lion", mask.salt());
        assertThat(SecretMask.random().on(secret("{user: anna}"))).isNotEqualTo(mask.on(secret("{user: anna}")));
    }

    @Test
    void aSecretsTextsAndOddFormsAreMaskedToo() {
        var mask = SecretMask.random();

        assertThat(mask.on(tree("kind: Secret\nstringData: {a: tiger}\n")).toString())
                .doesNotContain("tiger");
        assertThat(mask.on(tree("kind: Secret\ndata: tiger\n")).toString()).doesNotContain("tiger");
        assertThat(mask.on(tree("kind: ConfigMap\ndata: {a: tiger}\n")).toString())
                .contains("tiger");
    }

    private static Map<String, Object> secret(String data) {
        return tree("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: " + data + "\n");
    }

    private static List<FieldChange> diff(String from, String to) {
        return ObjectDiff.between(tree(from), tree(to), parts -> true);
    }

    private static Map<String, Object> tree(String yaml) {
        return Tree.map(Rendered.tree(yaml));
    }
}

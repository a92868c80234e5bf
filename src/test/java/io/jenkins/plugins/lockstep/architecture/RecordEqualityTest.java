package io.jenkins.plugins.lockstep.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.history.ChunkId;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that write out what makes them equal, so that a component that is added there is not forgotten. */
class RecordEqualityTest {

    @ParameterizedTest
    @ValueSource(classes = {ChunkId.class, ImageReference.class, ResourceKey.class, ServedKind.class})
    void eachComponentCounts(Class<? extends Record> type) throws Exception {
        requireThatEachComponentCounts(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.jenkins.plugins.lockstep.kube.Tls", "io.jenkins.plugins.lockstep.kube.KubeWays$Way"})
    void eachComponentCountsOfThoseThatOthersDoNotSee(String name) throws Exception {
        requireThatEachComponentCounts(Class.forName(name));
    }

    private static void requireThatEachComponentCounts(Class<?> type) throws Exception {
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        Class<?>[] components = constructor.getParameterTypes();
        var values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(type, components[i], i, 'a');
        }
        Object record = constructor.newInstance(values);

        assertThat(record).isEqualTo(constructor.newInstance(values)).isNotEqualTo("another type");
        assertThat(record.hashCode()).isEqualTo(constructor.newInstance(values).hashCode());
        for (int i = 0; i < values.length; i++) {
            Object[] other = Arrays.copyOf(values, values.length);
            other[i] = value(type, components[i], i, 'b');
            assertThat(constructor.newInstance(other))
                    .as("component %d of %s", i, type)
                    .isNotEqualTo(record);
        }
    }

    private static Object value(Class<?> record, Class<?> component, int index, char letter) throws Exception {
        if (component == boolean.class) {
            return letter == 'a';
        }
        if (component == Optional.class) {
            return letter == 'a' ? Optional.empty() : Optional.of("another");
        }
        if (component != String.class) {
            Constructor<?> constructor = component.getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            Class<?>[] types = constructor.getParameterTypes();
            var values = new Object[types.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = value(component, types[i], i, letter);
            }
            return constructor.newInstance(values);
        }
        if (record == ChunkId.class) {
            return String.valueOf(letter).repeat(64);
        }
        boolean digest = record == ImageReference.class && index == 2;
        return digest ? "sha256:" + String.valueOf(letter).repeat(64) : "text-" + letter;
    }
}

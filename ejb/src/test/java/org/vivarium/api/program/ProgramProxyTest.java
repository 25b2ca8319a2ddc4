package org.vivarium.api.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Input;
import org.vivarium.api.ProgramException;
import org.vivarium.api.PythonProgram;
import org.vivarium.api.PythonStream;

class ProgramProxyTest {
    private final FakePool texts = new FakePool("texts");
    private final FakePool models = new FakePool("models");
    private final Texts proxy = ProgramProxy.of(Texts.class, this::pool);

    record Summary(String text) {}

    /** Not public, as applications may write them. */
    @PythonProgram(pool = "texts")
    interface Texts extends Counting {
        Summary summarize(@Input("text") String given, int words);

        List<Summary> all(CallOptions options, @Input("texts") List<String> texts);

        CompletionStage<List<Summary>> later(String text);

        @PythonProgram(name = "stream_numbers")
        PythonStream<Integer> numbers(@Input("amount") int amount);

        @PythonProgram(pool = "models")
        double score(@Input Summary summary);

        void forget();

        default Summary brief(String text) {
            return summarize(text, 5);
        }
    }

    interface Counting {
        int count();
    }

    private FakePool pool(String name) {
        return name.equals("models") ? models : texts;
    }

    @Test
    void a_method_calls_the_program_of_its_name_with_its_arguments_by_name() {
        texts.answers.add(new Summary("s"));

        assertThat(proxy.summarize("a text", 3)).isEqualTo(new Summary("s"));

        assertThat(texts.asked)
                .containsExactly("call texts.summarize {text=a text, words=3} as " + Summary.class.getTypeName());
        assertThat(texts.lastOptions).isSameAs(CallOptions.DEFAULT);
    }

    @Test
    void options_are_no_input_wherever_they_stand_and_null_is_left_out() {
        CallOptions options = CallOptions.DEFAULT.withPriority(3);

        proxy.all(options, null);

        assertThat(texts.asked)
                .containsExactly("call texts.all null as java.util.List<" + Summary.class.getTypeName() + ">");
        assertThat(texts.lastOptions).isSameAs(options);
    }

    @Test
    void stages_and_streams_read_what_they_are_of() {
        assertThat(proxy.later("x")).isNotNull();
        proxy.numbers(3);

        assertThat(texts.asked)
                .containsExactly(
                        "callAsync texts.later {text=x} as java.util.List<" + Summary.class.getTypeName() + ">",
                        "stream texts.stream_numbers {amount=3} as java.lang.Integer");
    }

    @Test
    void an_input_without_a_name_is_the_whole_and_a_method_may_name_another_pool() {
        models.answers.add(0.5);

        assertThat(proxy.score(new Summary("s"))).isEqualTo(0.5);

        assertThat(models.asked).containsExactly("call models.score Summary[text=s] as java.lang.Double");
    }

    @Test
    void void_ignores_the_result_and_null_is_no_number() {
        texts.answers.add(new Object());
        proxy.forget();
        assertThatThrownBy(proxy::count)
                .isInstanceOf(ProgramException.class)
                .hasMessage("the result of program count of pool texts cannot be read as int: null");

        assertThat(texts.asked)
                .containsExactly(
                        "call texts.forget null as java.lang.Object", "call texts.count null as java.lang.Integer");
    }

    @Test
    void default_methods_are_what_they_are() {
        texts.answers.add(new Summary("b"));

        assertThat(proxy.brief("long")).isEqualTo(new Summary("b"));
        assertThat(texts.asked).singleElement().asString().startsWith("call texts.summarize {text=long, words=5}");
    }

    @Test
    void it_is_equal_to_itself_only() {
        assertThat(Set.of(proxy)).contains(proxy).doesNotContain(ProgramProxy.of(Texts.class, this::pool));
        assertThat(proxy.toString()).startsWith(Texts.class.getName());
        assertThat(texts.asked).isEmpty();
    }

    @Test
    void a_passivated_proxy_comes_back_as_its_interface() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(ProgramProxy.of(Texts.class, FakePool::new));
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject())
                    .isInstanceOf(Texts.class)
                    .hasToString(Texts.class.getName() + " of [models, texts]");
        }
    }

    @PythonProgram(name = "x")
    interface Named {}

    @PythonProgram
    interface Raw {
        @SuppressWarnings("rawtypes")
        CompletionStage call();
    }

    @PythonProgram
    interface Lazy {
        Stream<String> call();
    }

    @PythonProgram
    interface Old {
        CompletionStage<Future<String>> call();
    }

    @PythonProgram
    interface Generic {
        <T> T call(Class<T> type);
    }

    @PythonProgram
    interface Wild {
        List<? extends Number> call();
    }

    @PythonProgram
    interface Whole {
        String call(@Input String text);
    }

    @PythonProgram
    interface WholeAndMore {
        String call(@Input Map<String, Object> inputs, @Input("x") int x);
    }

    @PythonProgram
    interface Twice {
        String call(@Input("x") int a, @Input("x") int b);
    }

    @PythonProgram
    interface TwoOptions {
        String call(CallOptions one, CallOptions two);
    }

    interface Plain {}

    static List<Object[]> mistakes() {
        Map<Class<?>, String> mistakes = new HashMap<>();
        mistakes.put(Plain.class, "is not an interface annotated with @PythonProgram");
        mistakes.put(Named.class, "has a name, which only one of a method can have");
        mistakes.put(Raw.class, "without saying of what, such as CompletionStage<Summary>");
        mistakes.put(Lazy.class, "returns java.util.stream.Stream, which no result can be read as");
        mistakes.put(Old.class, "returns java.util.concurrent.Future, which no result can be read as");
        mistakes.put(Generic.class, "returns T, which no result can be read as");
        mistakes.put(Wild.class, "returns ? extends java.lang.Number, which no result can be read as");
        mistakes.put(Whole.class, "must be a record, a bean or a Map, not String");
        mistakes.put(WholeAndMore.class, "so it must be the only one");
        mistakes.put(Twice.class, "two of its parameters are the input 'x'");
        mistakes.put(TwoOptions.class, "more than one parameter of type CallOptions");
        return mistakes.entrySet().stream()
                .map(mistake -> new Object[] {mistake.getKey(), mistake.getValue()})
                .toList();
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void a_mistake_is_one_sentence_that_names_the_place(Class<?> type, String sentence) {
        assertThatThrownBy(() -> ProgramProxy.of(type, FakePool::new))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence)
                .hasMessageContaining(type.getName());
    }

    @Test
    void a_parameter_without_a_name_is_a_mistake() {
        // Comparator was compiled without -parameters.
        assertThatThrownBy(() -> Inputs.of(java.util.Comparator.class
                        .getMethod("compare", Object.class, Object.class)
                        .getParameters()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameter 1 has no name: annotate it with @Input(\"…\"), or compile with -parameters");
    }
}

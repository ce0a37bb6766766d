package fanout.races;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;

/**
 * A program of a few threads that comes to its end under every schedule, and whose end can be judged: a class whose
 * {@link Operation}s are what the threads do, one each, and which says in a method with
 * {@link org.jetbrains.lincheck.datastructures.Validate} what must hold after. One that stands still is a find as well.
 */
public final class Program {

    private Program() {}

    /**
     * Searches the schedules of a program.
     *
     * @param steps calls that are one step, in which threads are not switched
     * @param threads the operation of each thread, by name
     */
    public static void explore(Class<?> program, Hunt.Effort effort, List<ManagedStrategyGuarantee> steps,
            String... threads) {
        List<List<Actor>> parallel = Stream.of(threads).map(name -> List.of(actor(program, name))).toList();
        ModelCheckingOptions options = new ModelCheckingOptions();
        steps.forEach(options::addGuarantee);
        options.addCustomScenario(new ExecutionScenario(List.of(), parallel, List.of(), null))
                .iterations(0) // none but this
                .invocationsPerIteration(effort.schedules())
                .verifier(EpsilonVerifier.class) // any order of the calls will do: the program judges itself
                .minimizeFailedScenario(false)
                .check(program);
    }

    private static Actor actor(Class<?> program, String operation) {
        Method method = Arrays.stream(program.getMethods())
                .filter(candidate -> candidate.getName().equals(operation))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException(program + " has no " + operation));
        return new Actor(method, List.of());
    }
}

package kadun.peers.flink;

import java.util.Set;
import kadun.peers.swipe5.Decision;
import kadun.peers.swipe5.Judge;
import kadun.peers.swipe5.PersonState;
import kadun.peers.swipe5.Swipe;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/** One swipe in, one decision out; loss reports as they come. */
final class JudgeFunction extends KeyedCoProcessFunction<String, Swipe, LossReport, Decision> {
    private static final long serialVersionUID = 1;

    private final String brokers;
    private final String cardStatusTopic;
    private transient Set<String> lostBefore;
    private transient ValueState<PersonState> persons;
    private transient ValueState<Boolean> losses;

    JudgeFunction(String brokers, String cardStatusTopic) {
        this.brokers = brokers;
        this.cardStatusTopic = cardStatusTopic;
    }

    @Override
    public void open(OpenContext context) {
        persons = getRuntimeContext().getState(new ValueStateDescriptor<>("persons", PersonState.class));
        losses = getRuntimeContext().getState(new ValueStateDescriptor<>("losses", Types.BOOLEAN));
        lostBefore = KnownLosses.read(brokers, cardStatusTopic);
    }

    @Override
    public void processElement1(Swipe swipe, Context context, Collector<Decision> out) throws Exception {
        PersonState known = persons.value();
        PersonState person = known == null ? new PersonState() : known;
        Decision decision = Judge.judge(swipe, person, isLost(swipe), System.currentTimeMillis());
        persons.update(person);
        out.collect(decision);
    }

    @Override
    public void processElement2(LossReport report, Context context, Collector<Decision> out) throws Exception {
        losses.update(report.isLost);
    }

    /** What the stream has said meanwhile counts more than what was known at the start. */
    private boolean isLost(Swipe swipe) throws Exception {
        Boolean reported = losses.value();
        return reported == null ? lostBefore.contains(swipe.psnNo) : reported;
    }
}

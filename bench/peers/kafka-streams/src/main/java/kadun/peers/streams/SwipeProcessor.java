package kadun.peers.streams;

import kadun.peers.swipe5.Decision;
import kadun.peers.swipe5.Json;
import kadun.peers.swipe5.Judge;
import kadun.peers.swipe5.PersonState;
import kadun.peers.swipe5.Swipe;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** One swipe in, one decision out. */
final class SwipeProcessor implements Processor<String, byte[], String, byte[]> {
    private ProcessorContext<String, byte[]> context;
    private KeyValueStore<String, PersonState> persons;
    private KeyValueStore<String, Boolean> lostCards;

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        this.context = context;
        persons = context.getStateStore(JobStores.PERSONS);
        lostCards = context.getStateStore(JobStores.LOST_CARDS);
    }

    @Override
    public void process(Record<String, byte[]> message) {
        Swipe swipe = Json.readSwipe(message.value());
        PersonState known = persons.get(message.key());
        PersonState person = known == null ? new PersonState() : known;
        boolean isLost = lostCards.get(message.key()) != null;
        Decision decision = Judge.judge(swipe, person, isLost, System.currentTimeMillis());
        persons.put(message.key(), person);
        context.forward(message.withValue(Json.write(decision)));
    }
}

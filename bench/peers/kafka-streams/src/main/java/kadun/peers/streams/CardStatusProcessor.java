package kadun.peers.streams;

import kadun.peers.swipe5.Json;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Keeps who has reported the card lost. */
final class CardStatusProcessor implements Processor<String, byte[], Void, Void> {
    private KeyValueStore<String, Boolean> lostCards;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        lostCards = context.getStateStore(JobStores.LOST_CARDS);
    }

    @Override
    public void process(Record<String, byte[]> status) {
        if (Json.isLost(status.value())) {
            lostCards.put(status.key(), Boolean.TRUE);
        } else {
            lostCards.delete(status.key());
        }
    }
}

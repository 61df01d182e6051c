package kadun.peers.streams;

import java.util.Map;
import kadun.peers.swipe5.PersonState;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The two stores of the job: persons' states, and who has reported the card lost. */
final class JobStores {
    static final String PERSONS = "persons";
    static final String LOST_CARDS = "lost-cards";

    private JobStores() {}

    static StoreBuilder<KeyValueStore<String, PersonState>> persons(StoreKind kind) {
        return builder(PERSONS, kind, new PersonStateSerde());
    }

    static StoreBuilder<KeyValueStore<String, Boolean>> lostCards(StoreKind kind) {
        return builder(LOST_CARDS, kind, Serdes.Boolean());
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> builder(String name, StoreKind kind, Serde<V> values) {
        var builder = Stores.keyValueStoreBuilder(
                supplier(name, kind), Serdes.String(), values);
        return kind == StoreKind.MEMORY ? builder.withLoggingDisabled() : builder.withLoggingEnabled(Map.of());
    }

    private static KeyValueBytesStoreSupplier supplier(String name, StoreKind kind) {
        return kind == StoreKind.MEMORY
                ? Stores.inMemoryKeyValueStore(name)
                : Stores.persistentKeyValueStore(name);
    }
}

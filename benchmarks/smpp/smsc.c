/*
 * An SMSC that takes every message, faster than any client sends.
 *
 *   smsc [--latency MS] [--receipts held|at-once]
 *
 * It listens on a free port of 127.0.0.1, which is its first line of output, and ends with
 * its standard input. Every submit_sm is answered with eight hex digits, after the latency.
 *
 * With held receipts, a line on standard input sends one for each message so far, as fast
 * as the client reads. When the client has answered the last, a line tells how many there
 * were and the monotonic times of the first octet and the last answer.
 */

#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS = 16,
    INPUT = 1 << 18,
    /* More than this waiting for a client that does not read: nothing more is taken. */
    OUTPUT_LIMIT = 1 << 20,
    ADDRESS = 21,
    ID = 8,
    HEADER = 16,
};

enum {
    GENERIC_NACK = 0x80000000,
    SUBMIT_SM = 0x00000004,
    DELIVER_SM = 0x00000005,
    UNBIND = 0x00000006,
    ENQUIRE_LINK = 0x00000015,
    BIND_RECEIVER = 0x00000001,
    BIND_TRANSMITTER = 0x00000002,
    BIND_TRANSCEIVER = 0x00000009,
    RESPONSE = 0x80000000,
    INVALID_COMMAND = 0x00000003,
};

enum receipts { NONE, HELD, AT_ONCE };

struct octets {
    uint8_t *data;
    size_t start, end, room;
};

/* A response that waits for its time. */
struct delayed {
    int64_t due;
    uint32_t sequence, id;
};

struct message {
    uint32_t id;
    char source[ADDRESS], destination[ADDRESS];
};

struct connection {
    int socket;
    bool closing;
    struct octets in, out, delayed, held;
    bool pushing;
    uint32_t sequence;
    uint64_t pushed, answered;
    int64_t push_started;
};

static int64_t latency;
static enum receipts receipts = NONE;
static uint32_t last_id;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static size_t length_of(const struct octets *octets)
{
    return octets->end - octets->start;
}

/* Returns room for so many octets more at the end. */
static uint8_t *reserve(struct octets *octets, size_t length)
{
    if (octets->room - octets->end < length && octets->start > 0) {
        memmove(octets->data, octets->data + octets->start, length_of(octets));
        octets->end -= octets->start;
        octets->start = 0;
    }
    if (octets->room - octets->end < length) {
        octets->room = 2 * (octets->end + length);
        octets->data = realloc(octets->data, octets->room);
        if (!octets->data)
            die("realloc");
    }
    return octets->data + octets->end;
}

static void append(struct octets *octets, const void *data, size_t length)
{
    memcpy(reserve(octets, length), data, length);
    octets->end += length;
}

static uint32_t read_integer(const uint8_t *data)
{
    uint32_t value;
    memcpy(&value, data, sizeof value);
    return ntohl(value);
}

static void put_header(struct octets *out, size_t body, uint32_t command, uint32_t status, uint32_t sequence)
{
    uint32_t header[] = {htonl(HEADER + body), htonl(command), htonl(status), htonl(sequence)};
    append(out, header, sizeof header);
}

static void put_id(struct octets *out, uint32_t id)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t *to = reserve(out, ID);
    for (int digit = 0; digit < ID; digit++)
        to[digit] = digits[id >> (28 - 4 * digit) & 15];
    out->end += ID;
}

static void answer_submit(struct connection *connection, uint32_t sequence, uint32_t id)
{
    put_header(&connection->out, ID + 1, SUBMIT_SM | RESPONSE, 0, sequence);
    put_id(&connection->out, id);
    append(&connection->out, "", 1);
}

static void put_receipt(struct connection *connection, const struct message *message)
{
    static const char text[] = " sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 stat:DELIVRD err:000 text:";
    size_t from = strlen(message->destination) + 1, to = strlen(message->source) + 1;
    size_t length = 3 + ID + sizeof text - 1;
    uint8_t sm_length = length;

    if (!connection->pushed)
        connection->push_started = now();
    connection->pushed++;
    put_header(&connection->out, 1 + 2 + from + 2 + to + 10 + length, DELIVER_SM, 0, ++connection->sequence);
    append(&connection->out, "\0\1\1", 3);
    append(&connection->out, message->destination, from);
    append(&connection->out, "\5\0", 2);
    append(&connection->out, message->source, to);
    /* esm_class 4: a receipt. The other fields are nought, before the text's length. */
    append(&connection->out, "\4\0\0\0\0\0\0\0\0", 9);
    append(&connection->out, &sm_length, 1);
    append(&connection->out, "id:", 3);
    put_id(&connection->out, message->id);
    append(&connection->out, text, sizeof text - 1);
}

/* Copies a C-octet string, cut to what an address may have; returns what follows it. */
static const uint8_t *read_address(const uint8_t *from, const uint8_t *end, char *to)
{
    size_t length = strnlen((const char *)from, end - from);
    snprintf(to, ADDRESS, "%.*s", (int)length, (const char *)from);
    return from + length + 1;
}

static void take_submit(struct connection *connection, uint32_t sequence, const uint8_t *body, const uint8_t *end)
{
    uint32_t id = ++last_id;

    if (latency) {
        struct delayed delayed = {now() + latency, sequence, id};
        append(&connection->delayed, &delayed, sizeof delayed);
    } else
        answer_submit(connection, sequence, id);

    if (receipts != NONE) {
        struct message message = {.id = id};
        const uint8_t *next = body + strnlen((const char *)body, end - body) + 1;
        next = read_address(next + 2, end, message.source);
        read_address(next + 2, end, message.destination);
        if (receipts == AT_ONCE)
            put_receipt(connection, &message);
        else
            append(&connection->held, &message, sizeof message);
    }
}

static void finish_push(struct connection *connection)
{
    connection->pushing = false;
    printf("%llu %.9f %.9f\n", (unsigned long long)connection->pushed, connection->push_started / 1e9, now() / 1e9);
    fflush(stdout);
    connection->pushed = connection->answered = 0;
}

static void take(struct connection *connection, const uint8_t *pdu, uint32_t length)
{
    uint32_t command = read_integer(pdu + 4), sequence = read_integer(pdu + 12);

    switch (command) {
    case SUBMIT_SM:
        take_submit(connection, sequence, pdu + HEADER, pdu + length);
        break;
    case DELIVER_SM | RESPONSE:
        connection->answered++;
        if (connection->pushing && connection->answered == connection->pushed && !length_of(&connection->held))
            finish_push(connection);
        break;
    case BIND_RECEIVER:
    case BIND_TRANSMITTER:
    case BIND_TRANSCEIVER:
        put_header(&connection->out, 5, command | RESPONSE, 0, sequence);
        append(&connection->out, "SMSC", 5);
        break;
    case UNBIND:
        connection->closing = true;
        /* fall through */
    case ENQUIRE_LINK:
        put_header(&connection->out, 0, command | RESPONSE, 0, sequence);
        break;
    default:
        if (!(command & RESPONSE))
            put_header(&connection->out, 0, GENERIC_NACK, INVALID_COMMAND, sequence);
    }
}

static void drop(struct connection *connection)
{
    close(connection->socket);
    connection->socket = -1;
}

static void receive(struct connection *connection)
{
    ssize_t count = read(connection->socket, reserve(&connection->in, INPUT), INPUT);

    if (count <= 0) {
        if (count == 0 || (errno != EAGAIN && errno != EINTR))
            drop(connection);
        return;
    }
    connection->in.end += count;
    while (length_of(&connection->in) >= HEADER) {
        const uint8_t *pdu = connection->in.data + connection->in.start;
        uint32_t length = read_integer(pdu);
        if (length < HEADER || length > INPUT) {
            drop(connection);
            return;
        }
        if (length_of(&connection->in) < length)
            break;
        take(connection, pdu, length);
        connection->in.start += length;
    }
}

static void send_out(struct connection *connection)
{
    struct octets *out = &connection->out;
    ssize_t count;

    while (length_of(&connection->delayed)) {
        struct delayed *delayed = (struct delayed *)(connection->delayed.data + connection->delayed.start);
        if (delayed->due > now())
            break;
        answer_submit(connection, delayed->sequence, delayed->id);
        connection->delayed.start += sizeof *delayed;
    }
    while (connection->pushing && length_of(&connection->held) && length_of(out) < OUTPUT_LIMIT) {
        put_receipt(connection, (struct message *)(connection->held.data + connection->held.start));
        connection->held.start += sizeof(struct message);
    }
    if (!length_of(out)) {
        if (connection->closing)
            drop(connection);
        return;
    }
    count = send(connection->socket, out->data + out->start, length_of(out), MSG_NOSIGNAL);
    if (count > 0)
        out->start += count;
    else if (errno != EAGAIN && errno != EINTR)
        drop(connection);
}

static void admit(int listener, struct connection *connections)
{
    int on = 1, socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (socket < 0)
        return;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (struct connection *each = connections; each < connections + CONNECTIONS; each++)
        if (each->socket < 0) {
            free(each->in.data);
            free(each->out.data);
            free(each->delayed.data);
            free(each->held.data);
            *each = (struct connection){.socket = socket};
            return;
        }
    close(socket);
}

static int listen_locally(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) || listen(listener, CONNECTIONS) ||
        getsockname(listener, (struct sockaddr *)&address, &length))
        die("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void read_options(int count, char **values)
{
    for (int at = 1; at < count; at++) {
        const char *value = at + 1 < count ? values[at + 1] : "";
        if (!strcmp(values[at], "--latency"))
            latency = atof(value) * 1e6;
        else if (!strcmp(values[at], "--receipts") && !strcmp(value, "held"))
            receipts = HELD;
        else if (!strcmp(values[at], "--receipts") && !strcmp(value, "at-once"))
            receipts = AT_ONCE;
        else {
            fprintf(stderr, "usage: smsc [--latency MS] [--receipts held|at-once]\n");
            exit(2);
        }
        at++;
    }
}

/* Reads a line, or what there is of it; returns whether there will be more. */
static bool push_when_told(struct connection *connections)
{
    char line[64];

    if (read(STDIN_FILENO, line, sizeof line) <= 0)
        return false;
    for (struct connection *each = connections; each < connections + CONNECTIONS; each++)
        if (each->socket >= 0 && length_of(&each->held))
            each->pushing = true;
    return true;
}

int main(int count, char **values)
{
    struct connection connections[CONNECTIONS];
    struct pollfd polls[CONNECTIONS + 2];
    int listener;

    read_options(count, values);
    /* What is due shall leave when it is due. */
    prctl(PR_SET_TIMERSLACK, 1);
    for (int at = 0; at < CONNECTIONS; at++)
        connections[at] = (struct connection){.socket = -1};
    listener = listen_locally();

    for (;;) {
        int64_t due = INT64_MAX;
        struct timespec pause = {0};

        polls[CONNECTIONS] = (struct pollfd){.fd = listener, .events = POLLIN};
        polls[CONNECTIONS + 1] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
        for (int at = 0; at < CONNECTIONS; at++) {
            struct connection *each = &connections[at];
            polls[at] = (struct pollfd){.fd = each->socket};
            if (each->socket < 0)
                continue;
            if (length_of(&each->out) < OUTPUT_LIMIT)
                polls[at].events |= POLLIN;
            if (length_of(&each->out) || (each->pushing && length_of(&each->held)))
                polls[at].events |= POLLOUT;
            if (length_of(&each->delayed)) {
                int64_t first = ((struct delayed *)(each->delayed.data + each->delayed.start))->due;
                due = first < due ? first : due;
            }
        }
        if (due != INT64_MAX) {
            int64_t wait = due - now();
            if (wait > 0)
                pause = (struct timespec){wait / 1000000000, wait % 1000000000};
        }
        if (ppoll(polls, CONNECTIONS + 2, due == INT64_MAX ? NULL : &pause, NULL) < 0 && errno != EINTR)
            die("ppoll");

        for (int at = 0; at < CONNECTIONS; at++) {
            struct connection *each = &connections[at];
            if (each->socket >= 0 && polls[at].revents & (POLLIN | POLLHUP | POLLERR))
                receive(each);
            if (each->socket >= 0)
                send_out(each);
        }
        if (polls[CONNECTIONS].revents)
            admit(listener, connections);
        if (polls[CONNECTIONS + 1].revents && !push_when_told(connections))
            return 0;
    }
}

#!/bin/sh
# Sends one report with one file. Needs curl.
#   CLEARINGHOUSE_URL       such as http://localhost:8480/ispws
#   CLEARINGHOUSE_USER      user name of your credential
#   CLEARINGHOUSE_PASSWORD  its password
set -eu

call() { # call ENDPOINT CURL-ARGUMENTS...
    endpoint=$1
    shift
    curl --silent --show-error --fail-with-body \
        --user "$CLEARINGHOUSE_USER:$CLEARINGHOUSE_PASSWORD" \
        "$@" "$CLEARINGHOUSE_URL/$endpoint"
}

value() { # value ELEMENT: the text of an element of the answer on standard input
    sed -n "s:.*<$1>\([^<]*\)</$1>.*:\1:p"
}

# 1. Open the report. Only the incident's type and time are needed; send whatever else you know.
report=$(call submit --header 'Content-Type: text/xml; charset=utf-8' --data-binary @- <<'XML' | value reportId
<?xml version="1.0" encoding="UTF-8"?>
<report>
  <incidentSummary>
    <incidentType>Online Enticement of Children for Sexual Acts</incidentType>
    <incidentDateTime>2026-02-03T14:05:11Z</incidentDateTime>
  </incidentSummary>
  <reporter>
    <reportingPerson><email>trust@harbor.example</email></reportingPerson>
  </reporter>
</report>
XML
)

# 2. Send a file. It is streamed; any size will do.
printf 'an invented file' > sample.bin
file=$(call upload --form "id=$report" --form 'file=@sample.bin' | value fileId)

# 3. Say what you know about the file.
call fileinfo --header 'Content-Type: text/xml; charset=utf-8' --data-binary @- <<XML > /dev/null
<?xml version="1.0" encoding="UTF-8"?>
<fileDetails>
  <reportId>$report</reportId>
  <fileId>$file</fileId>
  <originalFileName>sample.bin</originalFileName>
  <fileViewedByEsp>true</fileViewedByEsp>
</fileDetails>
XML

# 4. Finish. When this answers, the report is filed and durable.
call finish --form "id=$report" > /dev/null
echo "filed report $report with file $file"

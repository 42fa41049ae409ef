// Both programs printed five of all rows, and counted them.
String log = new File(basedir, 'build.log').text
int frames = new File(basedir, '../../../data/small').list().count { it.endsWith('.jpg') }
assert frames > 5
for (String line : ["${frames} rows, ${frames} with a label", "${frames} rows read", "${frames} labels by SQL, timed: true"]) {
  assert log.readLines().contains(line): "${line} is missing in ${basedir}/build.log"
}
assert log.readLines().count { it ==~ /\|bigbuckbunny-\d+\.jpg *\|[^|]+\|[0-9.E-]+ *\|true *\|/ } == 5
assert log.readLines().count { it ==~ /\|[0-4] +\|[^|]+\|/ } == 5
assert log.count('only showing top 5 rows') == 2

--[[
  Writes or deletes blobs of one bucket, in one write command, if the caller still owns the partition and nothing that it
  put later is there already.

  Guarantee: nothing is written after another owner's claim (an owner that was replaced could otherwise put an old blob
  over a newer one whose commits have been trimmed), nor when an earlier put arrives late, over a connection that was
  given up. The hash's own field '#' holds <epoch>:<number> of the last put, and is written together with the blobs. A
  deletion is sent after an HSET of the same number, which has written that mark.

  KEYS[1]  the partition's log, a stream with ids <next offset>-<epoch>
  KEYS[2]  the bucket, a hash
  ARGV[1]  epoch of the owner
  ARGV[2]  number of this put: grows with every put of the owner
  ARGV[3]  HSET or HDEL
  ARGV[4…] what that command takes: field, blob, field, blob … or field, field …

  Returns  'OK'       written
           'LATE'     a later put of the same owner has been written already
           'FENCED'   another owner has claimed
           'NOSTATE'  the log is gone
]]
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if not last then return 'NOSTATE' end
if string.match(last[1], '-(%d+)$') ~= ARGV[1] then return 'FENCED' end
local mark = redis.call('HGET', KEYS[2], '#')
if mark then
  local epoch, number = string.match(mark, '^(%d+):(%d+)$')
  if epoch == ARGV[1] and tonumber(number) > tonumber(ARGV[2]) then return 'LATE' end
end
redis.call(ARGV[3], KEYS[2], unpack(ARGV, 4))
return 'OK'

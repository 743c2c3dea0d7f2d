"""What telephones share, as they share it: a table of pasted texts and what is read from each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.services.purchasing.pasted import LINKS_MAX, PASTED_MAX, PLATFORMS, read_pasted

TEXTS = (
    # text, platform, links, code, title
    ("【淘宝】https://m.tb.cn/h.5xyzabc?tk=AbCdEfGh123 CZ0001 「老人手推购物车 能坐」\n点击打开",
     "taobao", ("https://m.tb.cn/h.5xyzabc?tk=AbCdEfGh123",), "", "老人手推购物车 能坐"),
    ("【加厚棉被 2.5公斤】，復·制这段描述￥AbCdEfGhIjK￥后到淘宝",
     "taobao", (), "￥AbCdEfGhIjK￥", "加厚棉被 2.5公斤"),
    ("₤Xy12AbCdEf9₤ 打开手淘【女棉拖鞋 38码】", "taobao", (), "₤Xy12AbCdEf9₤", "女棉拖鞋 38码"),
    ("8.7 ¥q1W2e3R4t5Y¥ https://m.tb.cn/h.fABCDEF 电热水壶 1.8L",
     "taobao", ("https://m.tb.cn/h.fABCDEF",), "¥q1W2e3R4t5Y¥", ""),
    ("59 fu置这行话 $AbC123dEf45$ 打开淘♂宝", "taobao", (), "$AbC123dEf45$", ""),
    ("【天猫】https://m.tb.cn/h.gTTTTTT 「小米电饭煲 3L」",
     "tmall", ("https://m.tb.cn/h.gTTTTTT",), "", "小米电饭煲 3L"),
    ("https://detail.tmall.com/item.htm?id=600000000001&skuId=42",
     "tmall", ("https://detail.tmall.com/item.htm?id=600000000001&skuId=42",), "", ""),
    ("https://item.taobao.com/item.htm?id=600000000002", "taobao",
     ("https://item.taobao.com/item.htm?id=600000000002",), "", ""),
    ("https://item.jd.com/100000000003.html", "jd",
     ("https://item.jd.com/100000000003.html",), "", ""),
    ("https://3.cn/1A-bCdE2 「海尔冰箱 200升」", "jd", ("https://3.cn/1A-bCdE2",), "",
     "海尔冰箱 200升"),
    ("(AbCdEfGh12)一起来看【保温壶 2升】，复制去京东APP", "jd", (), "(AbCdEfGh12)", "保温壶 2升"),
    ("https://mobile.yangkeduo.com/goods.html?goods_id=400000000004", "pdd",
     ("https://mobile.yangkeduo.com/goods.html?goods_id=400000000004",), "", ""),
    ("https://p.pinduoduo.com/AbCd1234 我在拼多多发现【锄头 加厚锰钢】", "pdd",
     ("https://p.pinduoduo.com/AbCd1234",), "", "锄头 加厚锰钢"),
    ("https://product.suning.com/0070000000/10000000005.html", "suning",
     ("https://product.suning.com/0070000000/10000000005.html",), "", ""),
    ("苏宁易购看到的电暖器，两千瓦", "suning", (), "", ""),
    ("7.43 复制打开抖音 https://v.douyin.com/iAbCdEf/ 【山地雨靴 43码】", "douyin",
     ("https://v.douyin.com/iAbCdEf/",), "", "山地雨靴 43码"),
    ("https://haohuo.jinritemai.com/views/product/item2?id=30000006", "douyin",
     ("https://haohuo.jinritemai.com/views/product/item2?id=30000006",), "", ""),
    ("https://v.kuaishou.com/2aBcDe 快手小店", "kuaishou",
     ("https://v.kuaishou.com/2aBcDe",), "", ""),
    ("https://m.vip.com/product-100-7.html", "vip",
     ("https://m.vip.com/product-100-7.html",), "", ""),
    ("https://detail.1688.com/offer/800000000008.html", "1688",
     ("https://detail.1688.com/offer/800000000008.html",), "", ""),
    ("要这两样 https://item.jd.com/1.html 和 https://item.jd.com/2.html", "jd",
     ("https://item.jd.com/1.html", "https://item.jd.com/2.html"), "", ""),
    ("看这个（https://item.jd.com/9.html），别买错。", "jd",
     ("https://item.jd.com/9.html",), "", ""),
    ("https://evil-taobao.com.example.net/a", "",
     ("https://evil-taobao.com.example.net/a",), "", ""),
    ("老人手推购物车，能坐的，200 元以内", "", (), "", ""),
    ("￥12345678￥", "taobao", (), "", ""),
    ("", "", (), "", ""),
)  # fmt: skip


@pytest.mark.parametrize(("text", "platform", "links", "code", "title"), TEXTS)
def test_what_was_shared_is_read(text, platform, links, code, title):
    found = read_pasted(text)
    assert (found.platform, found.links, found.code, found.title) == (platform, links, code, title)
    assert found.remark == text.strip(), "all of it goes to the county"
    assert found.link == (" ".join(links) or code)


def test_there_are_enough_of_them():
    assert len(TEXTS) >= 20
    assert {row[1] for row in TEXTS} == {*PLATFORMS, ""}


def test_ten_thousand_signs_are_kept_as_far_as_the_county_reads_them():
    found = read_pasted("购物车" * 3_334 + " https://item.jd.com/1.html")
    assert len(found.remark) == PASTED_MAX
    assert found.platform == ""
    first = read_pasted("https://item.jd.com/1.html " + "棉" * 10_000)
    assert (first.platform, first.links) == ("jd", ("https://item.jd.com/1.html",))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.sampled_from(TEXTS))
def test_no_text_breaks_it_and_none_loses_its_link(noise, row):
    found = read_pasted(f"{row[0]}\n{noise}")
    assert len(found.links) <= LINKS_MAX
    assert set(row[2]) <= set(found.links) or not row[2]
    assert found.remark.startswith(row[0].strip()[:40])

"""What an action is called on its button, and what it says will happen next. A row of the transition table takes its words from here."""

from __future__ import annotations

from engine.definition import Text

WORDS: dict[str, tuple[Text, Text]] = {
    "open": (
        Text("Mở bước", "Open"),
        Text("Đơn vị chủ trì được giao việc.", "The lead unit is assigned."),
    ),
    "open-early": (
        Text("Mở sớm", "Open early"),
        Text("Mở ngay, không chờ bước trước.", "Opens now, without waiting for what comes before."),
    ),
    "close-join": (
        Text("Chốt, không chờ", "Close the join"),
        Text(
            "Bước mở; đơn vị còn thiếu vẫn phải nộp và vẫn tính quá hạn.",
            "The step opens; the missing units still owe theirs and stay overdue.",
        ),
    ),
    "accept": (
        Text("Nhận việc", "Accept"),
        Text("Cơ quan thường trực biết đơn vị đã nhận. Hạn không đổi.", "The standing agency sees that you have it. The due date stays."),
    ),
    "refuse": (
        Text("Từ chối", "Refuse"),
        Text("Cơ quan thường trực phải giao lại hoặc giữ nguyên.", "The standing agency must reassign it or insist."),
    ),
    "progress": (
        Text("Báo tiến độ", "Report progress"),
        Text("Ghi một dòng vào nhật ký. Hạn không đổi.", "A line in the journal. The due date stays."),
    ),
    "name-handler": (
        Text("Giao người xử lý", "Name a handler"),
        Text(
            "Người được giao nhận thông báo; cả đơn vị vẫn làm được như trước.",
            "The person named is told; everybody of your unit can still act as before.",
        ),
    ),
    "submit": (
        Text("Trình duyệt", "Submit for approval"),
        Text("Đồng hồ của đơn vị dừng; đồng hồ của người duyệt chạy.", "Your clock stops; the approver's starts."),
    ),
    "recall": (
        Text("Thu hồi", "Recall"),
        Text("Lấy lại khi chưa ai duyệt; đồng hồ của đơn vị chạy tiếp.", "Taken back while nobody has approved; your clock runs again."),
    ),
    "approve": (
        Text("Phê duyệt", "Approve"),
        Text("Chuyển người duyệt tiếp theo, hoặc hoàn thành.", "Goes to the next approver, or is done."),
    ),
    "return": (
        Text("Trả lại", "Return"),
        Text("Đơn vị làm lại; đồng hồ của đơn vị chạy tiếp.", "The unit does it again; its clock runs again."),
    ),
    "record": (
        Text("Ghi nhận thay: đã nộp", "Record a submission"),
        Text("Ghi việc nộp trên giấy; tính theo ngày văn bản.", "Enters what was handed in on paper; the document's date counts."),
    ),
    "reassign-refused": (
        Text("Giao lại", "Reassign"),
        Text("Đơn vị được giao chịu trách nhiệm từ bây giờ.", "The unit named answers for it from now on."),
    ),
    "reassign": (
        Text("Giao đơn vị khác", "Reassign"),
        Text("Đơn vị mới chịu trách nhiệm; đơn vị cũ vẫn đọc được.", "The new unit answers for it; the former one can still read it."),
    ),
    "suspend": (
        Text("Tạm dừng", "Suspend"),
        Text(
            "Đồng hồ dừng; khi tiếp tục, số ngày dừng được cộng vào hạn.", "The clock stops; on resume the days are added to the due date."
        ),
    ),
    "resume": (
        Text("Tiếp tục", "Resume"),
        Text("Trở về trạng thái trước khi dừng, hạn lùi theo.", "Back to where it was, with a later date."),
    ),
    "mark-not-applicable": (
        Text("Không áp dụng", "Not applicable"),
        Text("Không tính vào mẫu số nào; bước sau không chờ.", "In no denominator; what follows need not wait."),
    ),
    "cancel": (
        Text("Hủy bước", "Cancel"),
        Text("Không phải làm nữa; bước sau không chờ.", "Need not be done; what follows need not wait."),
    ),
    "reopen": (
        Text("Mở lại", "Reopen"),
        Text("Bước sau chưa làm gì thì trở về chờ; đã làm thì được đánh dấu.", "Untouched successors wait again; others are flagged."),
    ),
    "correct": (
        Text("Đính chính", "Correct"),
        Text("Ghi giá trị mới bên cạnh giá trị cũ.", "The new value stands beside the old one."),
    ),
    "choose-day": (
        Text("Chọn ngày", "Choose the day"),
        Text("Ngày đã chọn là hạn của đơn vị và không dời theo lịch.", "The chosen day is your due date; the calendar does not move it."),
    ),
    "request-extension": (
        Text("Xin gia hạn", "Ask for more time"),
        Text("Đồng hồ vẫn chạy cho đến khi được trả lời.", "The clock keeps running until it is answered."),
    ),
    "grant-extension": (
        Text("Cho gia hạn", "Grant an extension"),
        Text("Hạn mới thay hạn cũ; hạn gốc vẫn được giữ.", "The new date replaces the current one; the original is kept."),
    ),
    "refuse-extension": (
        Text("Không cho gia hạn", "Refuse the extension"),
        Text("Hạn không đổi; đơn vị được báo.", "The date stays; the unit is told."),
    ),
    "attach": (
        Text("Đính kèm", "Attach"),
        Text("Tệp nằm trong bản nháp cho đến khi trình.", "The file lies in the draft until you submit."),
    ),
    "detach": (
        Text("Lấy tệp ra", "Take a file out"),
        Text("Tệp không còn trong bản nháp; nhật ký vẫn giữ.", "The file leaves the draft; the journal still keeps it."),
    ),
    "save-draft": (
        Text("Lưu nháp", "Save draft"),
        Text("Chưa nộp; cả đơn vị thấy và điền tiếp được.", "Not handed in yet; your unit sees it and can go on."),
    ),
    "consolidate": (
        Text("Lấy số tổng hợp", "Take the sums over"),
        Text(
            "Số cộng của các đơn vị vào bản nháp, kèm số của từng đơn vị đã dùng.",
            "The units' sums go into your draft, with the values they are made of.",
        ),
    ),
    "contribute": (
        Text("Đóng góp", "Contribute"),
        Text("Đơn vị chủ trì thấy ngay.", "The lead unit sees it at once."),
    ),
    "comment": (
        Text("Ý kiến", "Comment"),
        Text("Mọi đơn vị của bước này đọc được.", "Every unit of this step can read it."),
    ),
    "chase": (
        Text("Đôn đốc", "Chase"),
        Text(
            "Người giữ đồng hồ nhận thư ngay; việc đôn đốc được ghi lại.", "Whoever holds the clock gets a mail now; the chase is recorded."
        ),
    ),
    "record-decision": (
        Text("Ghi nhận thay: đã quyết định", "Record a decision"),
        Text(
            "Ghi việc duyệt hoặc trả lại trên giấy của người duyệt; tính theo ngày văn bản.",
            "Enters the approver's decision made on paper, for or against; the document's date counts.",
        ),
    ),
}
